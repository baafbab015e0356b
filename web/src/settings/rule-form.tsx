// When reports are not taken: said in a sentence and shown as guardians will see it, while it is being filled in.
import { formatTime } from '../app/days';
import type { IntakeRule, RuleDays, RuleKind } from '../app/gives/settings';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field } from '../manage/parts';
import { Notice } from '../ui/notice';
import { Chips, Choice, SettingsForm } from './parts';
import { ruleSentence } from './sentence';
import { words } from './words';

export interface RuleFields {
  days: RuleDays;
  weekdays: number[];
  first_day: string;
  last_day: string;
  from_time: string;
  to_time: string;
  kinds: RuleKind[];
  about: 'same_day' | 'any';
  message: string;
}

export const NEW_RULE: RuleFields = {
  days: 'weekdays',
  weekdays: [1, 2, 3, 4, 5],
  first_day: '',
  last_day: '',
  from_time: '08:30',
  to_time: '15:00',
  kinds: ['absent', 'late', 'leave_early', 'late_and_leave_early'],
  about: 'same_day',
  message: '',
};

export function fieldsOf(rule: IntakeRule): RuleFields {
  const { days, weekdays, first_day, last_day, kinds, about, message } = rule;
  return {
    days,
    weekdays: weekdays ?? [],
    first_day: first_day ?? '',
    last_day: last_day ?? '',
    from_time: rule.from_time.slice(0, 5),
    to_time: rule.to_time.slice(0, 5),
    kinds,
    about,
    message,
  };
}

/** What goes to the server: only what belongs to the choice of days. */
export function bodyOf({ days, weekdays, first_day, last_day, ...rest }: RuleFields) {
  return { days, ...rest, ...(days === 'weekdays' && { weekdays }), ...(days === 'dates' && { first_day, last_day: last_day || first_day }) };
}

export function missingIn(draft: RuleFields): string {
  const missing = words().hours.missing;
  if (draft.days === 'weekdays' && draft.weekdays.length === 0) return missing.weekdays;
  if (draft.days === 'dates' && (!draft.first_day || (draft.last_day && draft.last_day < draft.first_day))) return missing.dates;
  if (!draft.from_time || !draft.to_time) return missing.times;
  if (draft.kinds.length === 0) return missing.kinds;
  return draft.message.trim() ? '' : missing.message;
}

function DayFields({ draft, change }: { draft: RuleFields; change: (part: Partial<RuleFields>) => void }) {
  const text = words().hours;
  if (draft.days === 'weekdays') {
    const options = text.weekday.map((name, i) => [i + 1, name] as const);
    return <Chips legend={text.weekdays} options={options} chosen={draft.weekdays} onChange={(weekdays) => change({ weekdays })} />;
  }
  if (draft.days !== 'dates') return null;
  return (
    <div class="form-grid">
      <Field type="date" label={text.first} value={draft.first_day} onInput={(first_day) => change({ first_day })} />
      <Field type="date" label={text.last} value={draft.last_day} min={draft.first_day} onInput={(last_day) => change({ last_day })} />
    </div>
  );
}

function Preview({ draft }: { draft: RuleFields }) {
  const text = words().hours;
  const problem = missingIn({ ...draft, message: 'x' });
  return (
    <section class="preview" aria-live="polite" aria-label={text.preview}>
      <h3>{text.preview}</h3>
      <p>{problem || ruleSentence(draft)}</p>
      {draft.message.trim() && (
        <>
          <h3>{text.screen}</h3>
          <Notice tone="warn">{draft.message}</Notice>
        </>
      )}
    </section>
  );
}

interface Props {
  stored: RuleFields;
  version: number;
  title: string;
  submit: string;
  busy: boolean;
  onSave: (draft: RuleFields) => void;
  onClose?: () => void;
}

export function RuleForm({ stored, version, title, submit, busy, onSave, onClose }: Props) {
  const { draft, change, overtaken, takeStored, expectOwn } = useEdited(stored, version);
  const text = words().hours;
  const save = () => {
    expectOwn();
    onSave(draft);
  };
  const days = (Object.entries(text.day) as [RuleDays, string][]).map(([value, name]) => [value, name] as const);
  const kinds = (Object.entries(words().kind) as [RuleKind, string][]).map(([value, name]) => [value, name] as const);
  const abouts = (['same_day', 'any'] as const).map((value) => [value, text.aboutText[value]] as const);
  const seen: [string, string][] = [[text.preview, ruleSentence(stored)], [text.message, stored.message], [text.from, formatTime(stored.from_time)]];
  return (
    <SettingsForm title={title} busy={busy} submit={submit} onSubmit={save} onClose={onClose}>
      {overtaken && version > 0 && <Overtaken stored={seen} onTake={takeStored} />}
      <Choice legend={text.days} name="days" options={days} chosen={draft.days} onChange={(one) => change({ days: one })} />
      <DayFields draft={draft} change={change} />
      <div class="form-grid">
        <Field type="time" label={text.from} value={draft.from_time} onInput={(from_time) => change({ from_time })} />
        <Field type="time" label={text.to} value={draft.to_time} onInput={(to_time) => change({ to_time })} />
      </div>
      <p class="sub">{text.timeHint}</p>
      <Chips legend={text.kinds} options={kinds} chosen={draft.kinds} onChange={(chosen) => change({ kinds: chosen })} />
      <Choice legend={text.about} name="about" options={abouts} chosen={draft.about} onChange={(about) => change({ about })} />
      <Field label={text.message} hint={text.messageHint} maxLength={200} value={draft.message} onInput={(message) => change({ message })} />
      <Preview draft={draft} />
    </SettingsForm>
  );
}
