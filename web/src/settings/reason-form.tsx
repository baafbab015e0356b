// One reason: its words, where it can be picked, what it asks.
import type { KeptReason, Mark, RuleKind } from '../app/gives/settings';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field, Select } from '../manage/parts';
import { Chips, SettingsForm, Tick } from './parts';
import { words } from './words';

const LANGUAGES = ['en', 'zh', 'vi', 'pt'] as const;
type Languages = Record<`label_${(typeof LANGUAGES)[number]}`, string>;

export interface ReasonFields extends Languages {
  label: string;
  needs_note: boolean;
  kinds: RuleKind[];
  asks_symptoms: boolean;
  asks_times: boolean;
  mark: string;
  external_code: string;
  active: boolean;
}

export const NEW_REASON: ReasonFields = {
  label: '',
  label_en: '',
  label_zh: '',
  label_vi: '',
  label_pt: '',
  needs_note: false,
  kinds: ['absent', 'late', 'leave_early', 'late_and_leave_early'],
  asks_symptoms: false,
  asks_times: true,
  mark: '',
  external_code: '',
  active: true,
};

export function fieldsOf(reason: KeptReason): ReasonFields {
  const { label, labels, needs_note, kinds, asks_symptoms, asks_times, mark, external_code, active } = reason;
  const others = Object.fromEntries(LANGUAGES.map((one) => [`label_${one}`, labels[one] ?? ''])) as unknown as Languages;
  return { label, ...others, needs_note, kinds, asks_symptoms, asks_times, mark: mark ?? '', external_code: external_code ?? '', active };
}

/** What goes to the server: empty texts are left out. */
export function bodyOf(fields: ReasonFields) {
  const { label, needs_note, kinds, asks_symptoms, asks_times, active, ...texts } = fields;
  const filled = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim()).map(([name, text]) => [name, text.trim()]));
  return { label, needs_note, kinds, asks_symptoms, asks_times, active, ...filled };
}

export function missingIn(draft: ReasonFields): string {
  if (!draft.label.trim()) return words().reasons.missing.label;
  return draft.kinds.length === 0 ? words().reasons.missing.kinds : '';
}

interface Props {
  stored: ReasonFields;
  version: number;
  marks: Mark[];
  title: string;
  submit: string;
  busy: boolean;
  onSave: (draft: ReasonFields) => void;
  onClose?: () => void;
}

export function ReasonForm({ stored, version, marks, title, submit, busy, onSave, onClose }: Props) {
  const { draft, change, overtaken, takeStored, expectOwn } = useEdited(stored, version);
  const text = words().reasons;
  const kinds = (Object.entries(words().kind) as [RuleKind, string][]).map(([value, name]) => [value, name] as const);
  const save = () => {
    expectOwn();
    onSave(draft);
  };
  return (
    <SettingsForm title={title} busy={busy} submit={submit} onSubmit={save} onClose={onClose}>
      {overtaken && version > 0 && <Overtaken stored={[[text.label, stored.label], [text.kinds, stored.kinds.map((one) => words().kind[one]).join('・')]]} onTake={takeStored} />}
      <Field label={text.label} maxLength={40} value={draft.label} onInput={(label) => change({ label })} />
      <Chips legend={text.kinds} options={kinds} chosen={draft.kinds} onChange={(chosen) => change({ kinds: chosen })} />
      <fieldset class="field-set">
        <legend>{text.asks}</legend>
        <Tick checked={draft.needs_note} onChange={(needs_note) => change({ needs_note })}>
          {text.note}
        </Tick>
        <Tick checked={draft.asks_symptoms} onChange={(asks_symptoms) => change({ asks_symptoms })}>
          {text.symptoms}
        </Tick>
        <Tick checked={draft.asks_times} onChange={(asks_times) => change({ asks_times })}>
          {text.times}
        </Tick>
      </fieldset>
      <div class="form-grid">
        <Select label={text.mark} value={draft.mark} options={[['', text.noMark], ...marks.map((one): [string, string] => [one.code, one.label])]} onChange={(mark) => change({ mark })} />
        <Field label={text.code} maxLength={40} value={draft.external_code} onInput={(external_code) => change({ external_code })} />
      </div>
      <details>
        <summary>{text.languages}</summary>
        <div class="form-grid">
          {LANGUAGES.map((one) => (
            <Field key={one} label={text.language[one] ?? one} maxLength={80} value={draft[`label_${one}`]} onInput={(said) => change({ [`label_${one}`]: said })} />
          ))}
        </div>
      </details>
      {version > 0 && (
        <Tick checked={draft.active} onChange={(active) => change({ active })}>
          {text.active}
        </Tick>
      )}
    </SettingsForm>
  );
}
