// 出席簿の記号: the board's, for every school.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { CountsAs, Mark } from '../app/gives/settings';
import { useResource } from '../app/resource';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field, Select, TellLast } from '../manage/parts';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Act, bad, good, SettingsForm, useSettingsAct } from './parts';
import { words } from './words';

const EMPTY = { label: '', symbol: '', counts_as: 'absent' as CountsAs, external_code: '' };
type Fields = typeof EMPTY;

/** A mark's name never changes and is never read: some letters. */
function newCode(): string {
  const letters = crypto.getRandomValues(new Uint8Array(8));
  return `own_${[...letters].map((one) => String.fromCharCode(97 + (one % 26))).join('')}`;
}

interface FormProps {
  mark?: Mark;
  busy: boolean;
  onSave: (draft: Fields) => void;
  onClose?: () => void;
}

function MarkForm({ mark, busy, onSave, onClose }: FormProps) {
  const stored = mark ? { label: mark.label, symbol: mark.symbol, counts_as: mark.counts_as, external_code: mark.external_code ?? '' } : EMPTY;
  const { draft, change, overtaken, takeStored } = useEdited(stored, mark?.version ?? 0);
  const text = words().marks;
  const theirs: [string, string][] = [[text.label, stored.label], [text.symbol, stored.symbol], [text.counts, text.countsAs[stored.counts_as]]];
  const options = Object.entries(text.countsAs) as [CountsAs, string][];
  return (
    <SettingsForm title={mark ? text.editTitle : text.add} busy={busy} submit={mark ? words().save : words().add} onSubmit={() => onSave(draft)} onClose={onClose}>
      {overtaken && <Overtaken stored={theirs} onTake={takeStored} />}
      <Field label={text.label} maxLength={20} value={draft.label} onInput={(label) => change({ label })} />
      <Field label={text.symbol} maxLength={4} value={draft.symbol} onInput={(symbol) => change({ symbol })} />
      <Select label={text.counts} value={draft.counts_as} options={options} onChange={(one) => change({ counts_as: one as CountsAs })} />
      <Field label={text.code} maxLength={40} value={draft.external_code} onInput={(external_code) => change({ external_code })} />
    </SettingsForm>
  );
}

export function Marks() {
  const { data, error, retry } = useResource(async () => (await request('GET /api/marks')).rows, []);
  const [code, setCode] = useState<string>();
  const [turn, setTurn] = useState(0);
  const { busy, told, run } = useSettingsAct(retry);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={8} />;
  const text = words().marks;
  const mark = data.find((one) => one.code === code);
  const fresh = () => {
    setCode(undefined);
    setTurn((n) => n + 1);
  };
  const save = ({ external_code, ...draft }: Fields) =>
    run(async () => {
      if (!draft.label.trim() || !draft.symbol.trim()) return bad(text.missing);
      const body = { ...draft, code: mark?.code ?? newCode(), version: mark?.version ?? 0, ...(external_code.trim() ? { external_code: external_code.trim() } : {}) };
      await request('PUT /api/marks', { body });
      fresh();
      return good(words().saved);
    });
  return (
    <>
      <p>{text.lead}</p>
      <TellLast told={told} />
      <div class="two-columns">
        <table class="list-table">
          <thead>
            <tr>
              {[text.symbol, text.label, text.counts, text.code, ''].map((one) => (
                <th key={one} scope="col">
                  {one || <span class="for-readers">{words().edit}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((one) => (
              <tr key={one.code}>
                <td data-label={text.symbol}>{one.symbol}</td>
                <th scope="row">{one.label}</th>
                <td data-label={text.counts}>{text.countsAs[one.counts_as]}</td>
                <td data-label={text.code}>{one.external_code}</td>
                <td>
                  <Act text={words().edit} of={words().editOf(one.label)} busy={busy} onClick={() => setCode(one.code)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <MarkForm key={mark?.code ?? turn} mark={mark} busy={busy} onSave={save} onClose={mark && fresh} />
      </div>
    </>
  );
}
