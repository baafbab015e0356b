import { type Draft, type Missing, NOTE_MAX } from '../app/draft';
import { t } from '../app/i18n';
import type { Reason } from '../app/nouns';
import { Notice } from '../ui/notice';

interface ReasonProps {
  choices: Reason[];
  chosen: string;
  onChange: (change: Partial<Draft>) => void;
  missing: Missing[];
  optional: boolean;
}

export function ReasonField({ choices, chosen, onChange, missing, optional }: ReasonProps) {
  const words = t().report;
  return (
    <fieldset class="field-set" id="field-reason">
      <legend>
        {words.reason} {optional && <span class="sub">{words.reasonOptional}</span>}
      </legend>
      <div class="chips">
        {choices.map((reason) => (
          <label key={reason.id} class="chip">
            <input type="radio" name="reason" checked={chosen === reason.label} onChange={() => onChange({ reason: reason.label })} />
            <span>{reason.label}</span>
          </label>
        ))}
      </div>
      {missing.includes('reason') && <Notice tone="bad">{words.missing.reason}</Notice>}
    </fieldset>
  );
}

interface NoteProps {
  draft: Draft;
  needed: boolean;
  label?: string;
  hint?: string;
  onChange: (change: Partial<Draft>) => void;
  missing: Missing[];
}

export function NoteField({ draft, needed, label, hint, onChange, missing }: NoteProps) {
  const words = t().report;
  const problem = (['note', 'noteLong'] as const).find((name) => missing.includes(name));
  return (
    <div id="field-note">
      <label class="field">
        <span>
          {label ?? words.note} <span class="sub">{needed ? words.noteNeeded : words.noteOptional}</span>
        </span>
        <textarea
          name="note"
          rows={2}
          maxLength={NOTE_MAX}
          placeholder={hint ?? words.noteHint}
          value={draft.note}
          aria-invalid={problem ? true : undefined}
          onInput={(event) => onChange({ note: event.currentTarget.value })}
        />
      </label>
      {problem && <Notice tone="bad">{words.missing[problem]}</Notice>}
    </div>
  );
}
