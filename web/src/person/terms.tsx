// The terms and what is done with personal data, as the server gives them: plain text, '# ' a heading, '- ' a list.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import { t } from '../app/i18n';
import { Notice } from '../ui/notice';
import type { Terms } from './nouns';
import { words } from './words';

let asked: Promise<Terms> | undefined;

/** Asked for once a page. */
export function loadTerms(): Promise<Terms> {
  asked ??= request('GET /api/terms');
  asked.catch(() => (asked = undefined));
  return asked;
}

export function forgetTerms(): void {
  asked = undefined;
}

function paragraph(text: string): JSX.Element {
  if (text.startsWith('# ')) return <h3>{text.slice(2)}</h3>;
  const lines = text.split('\n');
  if (lines.every((line) => line.startsWith('- '))) {
    return (
      <ul class="plain-list">
        {lines.map((line) => (
          <li key={line}>{line.slice(2)}</li>
        ))}
      </ul>
    );
  }
  return <p>{lines.join('')}</p>;
}

/** A heading or a list begins a paragraph of its own, with or without an empty line before it. */
function paragraphsOf(body: string): string[] {
  return body
    .replace(/^(# .*)$/gm, '\n$1\n')
    .replace(/(?<!^- .*)\n(?=- )/gm, '\n\n')
    .split(/\n{2,}/)
    .map((text) => text.trim())
    .filter(Boolean);
}

export function TermsText({ of }: { of: Terms }) {
  return (
    <div class="terms">
      <p class="sub">{words().terms.version(of.version)}</p>
      {paragraphsOf(of.body).map((text, i) => (
        <div key={i}>{paragraph(text)}</div>
      ))}
    </div>
  );
}

/** The full text without leaving the form. */
export function TermsButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [terms, setTerms] = useState<Terms>();
  const [failed, setFailed] = useState(false);
  const w = words().terms;
  const open = async () => {
    setFailed(false);
    try {
      setTerms(await loadTerms());
      dialog.current?.showModal();
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <button type="button" class="button" onClick={() => void open()}>
        {w.read}
      </button>
      {failed && (
        <Notice tone="bad" urgent>
          {w.failed}
        </Notice>
      )}
      <dialog ref={dialog} class="dialog" aria-labelledby="terms-title">
        <h2 id="terms-title">{w.title}</h2>
        {terms && <TermsText of={terms} />}
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {t().app.close}
        </button>
      </dialog>
    </>
  );
}
