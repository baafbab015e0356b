// One entry of the calendar.
import type { CalendarEntry, EntryKind, SchoolKind } from '../app/gives/settings';
import { formatDays } from '../app/days';
import { Overtaken } from '../manage/overtaken';
import { Field, Select } from '../manage/parts';
import { Chips, Choice, SettingsForm } from './parts';
import { words } from './words';

export interface EntryFields {
  school_kind: SchoolKind | '';
  grades: number[];
  first_day: string;
  last_day: string;
  kind: EntryKind;
  label: string;
}

export const NEW_ENTRY: EntryFields = { school_kind: '', grades: [], first_day: '', last_day: '', kind: 'holiday', label: '' };

export function fieldsOf({ school_kind, grades, first_day, last_day, kind, label }: CalendarEntry): EntryFields {
  return { school_kind: school_kind ?? '', grades: grades ?? [], first_day, last_day, kind: kind === 'national' ? 'holiday' : kind, label };
}

export function bodyOf({ school_kind, grades, last_day, ...rest }: EntryFields) {
  return { ...rest, last_day: last_day || rest.first_day, ...(school_kind ? { school_kind } : {}), ...(grades.length > 0 ? { grades } : {}) };
}

export function missingIn(draft: EntryFields): string {
  const text = words().calendar.missing;
  if (!draft.first_day || (draft.last_day && draft.last_day < draft.first_day)) return text.days;
  return draft.label.trim() ? '' : text.label;
}

interface Props {
  draft: EntryFields;
  change: (part: Partial<EntryFields>) => void;
  /** Somebody else saved it meanwhile: theirs. */
  theirs?: EntryFields;
  onTake: () => void;
  isNew: boolean;
  city: boolean;
  grades: number;
  busy: boolean;
  onSave: () => void;
  onClose?: () => void;
}

export function EntryForm({ draft, change, theirs, onTake, isNew, city, grades, busy, onSave, onClose }: Props) {
  const text = words().calendar;
  const kinds = Object.entries(text.kind) as [EntryKind, string][];
  const schools = Object.entries(text.schoolKind) as [SchoolKind, string][];
  const numbers = Array.from({ length: grades }, (_, i) => [i + 1, text.grade(i + 1)] as const);
  return (
    <SettingsForm title={isNew ? text.add : text.editTitle} busy={busy} submit={isNew ? words().add : words().save} onSubmit={onSave} onClose={onClose}>
      {theirs && <Overtaken stored={[[text.label, theirs.label], [text.kindField, text.kind[theirs.kind]], [words().hours.first, formatDays(theirs.first_day, theirs.last_day)]]} onTake={onTake} />}
      <p class="sub">{text.chooseHint}</p>
      <div class="form-grid">
        <Field type="date" label={words().hours.first} value={draft.first_day} onInput={(first_day) => change({ first_day })} />
        <Field type="date" label={words().hours.last} value={draft.last_day} min={draft.first_day} onInput={(last_day) => change({ last_day })} />
      </div>
      <Choice legend={text.kindField} name="entry-kind" options={kinds} chosen={draft.kind} onChange={(kind) => change({ kind })} />
      <Field label={text.label} hint={text.labelHint} maxLength={40} value={draft.label} onInput={(label) => change({ label })} />
      {city && (
        <Select
          label={text.forKind}
          value={draft.school_kind}
          options={[['', text.anyKind], ...schools]}
          onChange={(one) => change({ school_kind: one as SchoolKind | '' })}
        />
      )}
      <Chips legend={`${text.grades}（${draft.grades.length === 0 ? text.allGrades : draft.grades.map(text.grade).join('・')}）`} options={numbers} chosen={draft.grades} onChange={(chosen) => change({ grades: chosen })} />
    </SettingsForm>
  );
}
