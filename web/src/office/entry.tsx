// The telephone at the ear, the keyboard in the other hand: kana, Enter, kind, Enter, reason, Enter.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import { addDays } from '../app/days';
import { comesLate, type Draft, draftOf, fitted, inputOf, kindsFor, leavesEarly, missingIn, newDraft, openTimes, reasonsFor, SCHOOL_PAST_DAYS } from '../app/draft';
import { explain } from '../app/explain';
import type { Illness } from '../app/gives/illness';
import { t } from '../app/i18n';
import { freeFrom, suspendedOn } from '../app/illness';
import type { Absence, Reason, SchoolClass, Standing, Student } from '../app/nouns';
import type { Rows } from '../app/rows';
import { awayOn } from '../app/standing';
import { useSteadyKey } from '../app/steady-key';
import { today } from '../app/store';
import { className, students } from '../staff/roster';
import { announce } from '../ui/announcer';
import { StandingMark, SuspendedMark } from '../ui/mark';
import { fullName, Name } from '../ui/name';
import { Notice } from '../ui/notice';
import { ChoiceField, DayFields, NoteField, PickUpField, SymptomsField, TimeField } from './entry-fields';
import { StudentSearch } from './student-search';

interface Props {
  school_id: number;
  classes: SchoolClass[];
  /** Known before it opens: a dialog that grows under the mouse loses the click. */
  reasons: Reason[];
  standing: Rows<Standing>;
  illnesses: Rows<Illness>;
  edit?: Absence;
  onClose: () => void;
}

function useEntry({ reasons, standing, illnesses, edit, onClose }: Props) {
  const [student, setStudent] = useState<Student | undefined>(edit && students.value.get(edit.student_id));
  const [typed, setDraft] = useState<Draft>(() => ({ ...(edit ? draftOf(edit, today.value) : newDraft(today.value)), when: 'range' as const }));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const keyOf = useSteadyKey();
  const long = student && awayOn(standing, typed.first).get(student.student_id);
  const suspended = student && suspendedOn(illnesses, typed.first).get(student.student_id);
  const away = long !== undefined;
  const kinds = kindsFor(away, edit?.kind);
  const draft = fitted(typed, kinds);
  const choices = draft.kind === 'attend' ? [] : reasonsFor(reasons, draft.kind);
  const reason = choices.find((one) => one.label === draft.reason);

  const save = async () => {
    const input = inputOf(openTimes(draft, reason), reason);
    if (edit) {
      const body = { ...input, version: edit.version };
      await request('PUT /api/absences/{id}', { path: { id: edit.id }, body, key: keyOf(body) });
    } else {
      const body = { ...input, student_id: student?.student_id ?? 0 };
      await request('POST /api/absences', { body, key: keyOf(body) });
    }
    announce(edit ? t().office.edited : t().office.registered(student ? fullName(student) : ''));
    onClose();
  };
  const submit = async () => {
    const [missing] = missingIn(openTimes(draft, reason), today.value, reason, addDays(today.value, -SCHOOL_PAST_DAYS), away);
    if (!student && !edit) return setProblem(t().report.missing.who);
    if (missing) return setProblem(t().report.missing[missing]);
    setBusy(true);
    setProblem('');
    try {
      await save();
    } catch (error) {
      setProblem(isProblem(error, 'already_reported') && student ? t().report.already(fullName(student)) : explain(error));
      setBusy(false);
    }
  };
  return { student, setStudent, long, suspended, draft, change: (part: object) => setDraft({ ...draft, ...part }), kinds, reason, mayBeOpen: reason?.asks_times === false, choices, problem, busy, submit };
}

/** Enter in a group of choices goes on to the next question; in the last one it sends. */
function goOn(form: RefObject<HTMLFormElement | null>, from: HTMLElement): boolean {
  const groups = [...(form.current?.querySelectorAll<HTMLElement>('[data-step]') ?? [])];
  const next = groups[groups.findIndex((group) => group.contains(from)) + 1];
  const target = next?.querySelector<HTMLElement>('input:checked') ?? next?.querySelector<HTMLElement>('input');
  target?.focus();
  return target !== undefined && target !== null;
}

/** A digit names the choice of that place. */
function nthChoice(from: HTMLElement, key: string): HTMLInputElement | undefined {
  if (!from.matches('[type=radio]') || !/^[1-9]$/.test(key)) return undefined;
  return from.closest('[data-step]')?.querySelectorAll<HTMLInputElement>('input[type=radio]')[Number(key) - 1];
}

/** What keeps the child away on the first day besides: whoever is on the phone hears it at once. */
function Known({ long, suspended }: { long: Standing | undefined; suspended: Illness | undefined }) {
  const words = t().entry;
  if (!long && !suspended) return null;
  return (
    <div class="known" role="status">
      {suspended && (
        <p>
          <SuspendedMark /> {words.suspended(freeFrom(suspended))}
        </p>
      )}
      {long && (
        <p>
          <StandingMark /> {words.standing(long.last_day)}
        </p>
      )}
    </div>
  );
}

export function EntryDialog(props: Props) {
  const entry = useEntry(props);
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const picked = useRef<HTMLElement | undefined>(undefined);
  const words = t().entry;
  useLayoutEffect(() => dialog.current?.showModal(), []);
  // Only now the next question is known: another kind asks for other times, and the reasons may still be on their way.
  useLayoutEffect(() => {
    const from = picked.current;
    if (from && (document.activeElement !== from || goOn(form, from))) picked.current = undefined;
  });
  const chosen = (student: Student) => {
    entry.setStudent(student);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[data-step] input:checked')?.focus());
  };
  const onEnter = (event: KeyboardEvent) => {
    const from = event.target as HTMLElement;
    if (event.isComposing || !from.matches('input') || !from.closest('[data-step]')) return;
    const choice = nthChoice(from, event.key);
    if (choice) {
      event.preventDefault();
      choice.focus();
      if (choice.checked && goOn(form, choice)) return;
      picked.current = choice;
      if (!choice.checked) choice.click();
      return;
    }
    if (event.key !== 'Enter') return;
    if (from.matches('[type=radio]:not(:checked)')) {
      event.preventDefault();
      from.click();
    } else if (goOn(form, from)) event.preventDefault();
  };
  const ofClass = (student: Student) => {
    const one = props.classes.find((each) => each.id === student.class_id);
    return `${one ? className(one) : ''} ${t().child.number(student.number)}`;
  };
  const { draft, change } = entry;
  return (
    <dialog ref={dialog} class="dialog entry" aria-labelledby="entry-title" onClose={props.onClose}>
      <form
        ref={form}
        noValidate
        onKeyDown={onEnter}
        onSubmit={(event) => {
          event.preventDefault();
          void entry.submit();
        }}
      >
        <h2 id="entry-title">{props.edit ? words.editTitle : words.title}</h2>
        {entry.student ? (
          <p class="chosen-student">
            <Name of={entry.student} /> <span class="sub digits">{ofClass(entry.student)}</span>
            {!props.edit && (
              <button type="button" class="button quiet" onClick={() => entry.setStudent(undefined)}>
                {words.change}
              </button>
            )}
          </p>
        ) : (
          !props.edit && <StudentSearch school_id={props.school_id} describe={ofClass} onChoose={chosen} />
        )}
        <Known long={entry.long} suspended={entry.suspended} />
        <ChoiceField
          step
          name="entry-kind"
          legend={words.kind}
          value={draft.kind}
          choices={[...entry.kinds, 'late_and_leave_early' as const].map((kind) => [kind, t().kind[kind]])}
          onChange={(kind) => change({ kind })}
        />
        {comesLate(draft.kind) && <TimeField label={words.arrive} value={draft.arrive} open={entry.mayBeOpen} onChange={(arrive) => change({ arrive })} />}
        {leavesEarly(draft.kind) && <TimeField label={words.leave} value={draft.leave} open={entry.mayBeOpen} onChange={(leave) => change({ leave })} />}
        {draft.kind !== 'attend' && (
          <ChoiceField
            step
            name="entry-reason"
            legend={words.reason}
            value={draft.reason}
            choices={entry.choices.map((one) => [one.label, one.label])}
            onChange={(reason) => change({ reason })}
          />
        )}
        {entry.reason?.asks_symptoms && <SymptomsField chosen={draft.symptoms} onChange={(symptoms) => change({ symptoms })} />}
        {leavesEarly(draft.kind) && <PickUpField value={draft.pickUp} who={draft.pickUpNote} onChange={change} />}
        <NoteField value={draft.note} onChange={(note) => change({ note })} />
        <DayFields first={draft.first} last={draft.last} onChange={change} />
        {entry.problem && (
          <Notice tone="bad" urgent>
            {entry.problem}
          </Notice>
        )}
        <div class="row">
          <button class="button primary" disabled={entry.busy}>
            {props.edit ? words.submitEdit : words.submit}
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {t().app.close}
          </button>
          <span class="sub">{words.keys}</span>
        </div>
      </form>
    </dialog>
  );
}
