// One day of one child, put right by hand; the computation takes over again when that is wanted.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import { formatInstant } from '../app/days';
import { explain } from '../app/explain';
import type { RegisterMark, RegisterRow } from '../app/gives/register';
import { useResource } from '../app/resource';
import { today } from '../app/store';
import { Field, Select } from '../manage/parts';
import { announce } from '../ui/announcer';
import { fullName } from '../ui/name';
import { Notice } from '../ui/notice';
import { type Marks, wordOf } from './marks';
import { words } from './words';

interface Props {
  row: RegisterRow;
  day: string;
  marks: Marks;
  onClose: (changed: boolean) => void;
}

const NOT_MARKS = ['automatic', 'present', 'late', 'leave_early', 'both'];

function choiceOf(of: RegisterMark | undefined): string {
  if (!of || of.source !== 'hand') return 'automatic';
  if (of.mark) return of.mark;
  if (of.late && of.leave_early) return 'both';
  return of.late ? 'late' : of.leave_early ? 'leave_early' : 'present';
}

function bodyOf(choice: string, day: string, note: string) {
  const said = note ? { note } : {};
  if (choice === 'automatic') return { day, automatic: true, ...said };
  if (!NOT_MARKS.includes(choice)) return { day, mark: choice, ...said };
  return { day, late: choice === 'late' || choice === 'both', leave_early: choice === 'leave_early' || choice === 'both', ...said };
}

function History({ row, day, marks }: Omit<Props, 'onClose'>) {
  const path = { student_id: row.student_id };
  const { data } = useResource(() => request('GET /api/students/{student_id}/register/corrections', { path, query: { day } }), [row.student_id, day]);
  const say = words();
  if (!data || data.rows.length === 0) return null;
  return (
    <details>
      <summary>{say.history}</summary>
      <ul>
        {data.rows.map((one) => (
          <li key={one.id}>
            <b>{one.automatic ? say.automatic : wordOf(one, marks)}</b> {one.note}{' '}
            <span class="sub">{say.by(one.made_by ?? '', formatInstant(one.made_at, today.value))}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function CorrectDialog({ row, day, marks, onClose }: Props) {
  const now = row.marks[day];
  const dialog = useRef<HTMLDialogElement>(null);
  const [choice, setChoice] = useState(() => choiceOf(now));
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const say = words();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const changed = useRef(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await request('PUT /api/students/{student_id}/register', { path: { student_id: row.student_id }, body: bodyOf(choice, day, note.trim()) });
      announce(say.saved);
      changed.current = true;
      dialog.current?.close();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  const options = [
    ['automatic', say.automatic],
    ['present', say.attended],
    ['late', say.lateWord],
    ['leave_early', say.earlyWord],
    ['both', say.bothWord],
    ...[...marks.values()].filter((one) => ['absent', 'suspended'].includes(one.counts_as)).map((one) => [one.code, one.label] as const),
  ] as [string, string][];
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="correct-title" onClose={() => onClose(changed.current)}>
      <form onSubmit={(event) => void save(event)}>
        <h2 id="correct-title">{say.dialogTitle(fullName(row), day)}</h2>
        <p class="sub">{say.now(wordOf(now, marks), say.sources[now?.source ?? 'called'] ?? '')}</p>
        <Select label={say.choose} value={choice} options={options} onChange={setChoice} />
        <Field label={say.note} value={note} onInput={setNote} maxLength={200} />
        {problem && (
          <Notice tone="bad" urgent>
            {problem}
          </Notice>
        )}
        <div class="row">
          <button class="button primary" disabled={busy}>
            {say.save}
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {say.cancel}
          </button>
        </div>
        <History row={row} day={day} marks={marks} />
      </form>
    </dialog>
  );
}
