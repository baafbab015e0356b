// One letter, one page. What stands on the screen is what is printed: the same elements, laid out alike.
import { dayOf } from '../app/days';
import type { Letter } from '../app/gives/registrants';
import { fullName } from '../ui/name';
import { Qr } from '../ui/qr';

import { dayIn, type LetterText, piecesOf } from './texts/text';
import { words } from './words';

function Text({ of, ruby, url }: { of: string; ruby: boolean; url?: string }) {
  return (
    <>
      {piecesOf(of).map((piece, i) => {
        if (piece.url) {
          return (
            <b key={i} class="letter-url" lang="en">
              {url}
            </b>
          );
        }
        return piece.reading && ruby ? (
          <ruby key={i}>
            {piece.text}
            <rt>{piece.reading}</rt>
          </ruby>
        ) : (
          piece.text
        );
      })}
    </>
  );
}

/** {佐藤|さとう} {花|はな}: the child's name as the roster has it, with its reading where readings are wanted. */
function nameWithReading(of: Letter): string {
  return `{${of.family_name}|${of.family_kana}} {${of.given_name}|${of.given_kana}}`;
}

interface Props {
  of: Letter;
  text: LetterText;
  furigana: boolean;
  origin: string;
}

export function LetterPage({ of, text, furigana, origin }: Props) {
  const japanese = text.lang === 'ja';
  const ruby = text.ruby === true || furigana;
  const address = `${origin}/join`;
  const until = text.until(dayIn(text.lang, dayOf(of.expires_at)));
  const show = (marked: string) => <Text of={marked} ruby={ruby} url={address.replace(/^https:\/\//, '')} />;
  return (
    <article class="letter" lang={text.lang} data-letter={of.id} aria-label={`${words().place(of.grade, of.class_name, of.number)} ${fullName(of)}`}>
      <header class="letter-head">
        <p lang="ja" class="letter-place">
          {words().place(of.grade, of.class_name, of.number)}
          {of.letter > 1 && <span>{words().second(of.letter)}</span>}
        </p>
        <p lang="ja" class="letter-school">
          {of.school_name}
        </p>
      </header>
      <h2>{show(text.title)}</h2>
      <p class="letter-to">{show(text.to(japanese ? nameWithReading(of) : fullName(of)))}</p>
      <p>{show(text.lead)}</p>
      <div class="letter-code">
        <Qr text={`${address}#${of.code}`} label={`QR ${of.code}`} />
        <div>
          <p class="letter-label">{show(text.code)}</p>
          <p class="letter-symbols" lang="en">
            {of.code}
          </p>
          <p class="letter-address" lang="en">
            {address.replace(/^https:\/\//, '')}
          </p>
          <p class="letter-until">{show(until)}</p>
        </div>
      </div>
      <ol class="letter-steps">
        {text.steps.map((step) => (
          <li key={step}>{show(step)}</li>
        ))}
      </ol>
      <ul class="letter-notes">
        {text.notes.map((note) => (
          <li key={note}>{show(note)}</li>
        ))}
      </ul>
      <footer class="letter-foot">
        <span>{show(text.contact)}</span>
        <b lang="ja">
          {of.school_name} {of.school_phone}
        </b>
      </footer>
    </article>
  );
}
