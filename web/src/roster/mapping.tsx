// Columns to fields: guessed from the headings, corrected by hand, kept under a name for the next time.
import type { RosterMapping } from '../app/gives/roster';
import { Field, Select } from '../manage/parts';
import { type Columns, guess, missingFields } from './guess';
import { words } from './words';

export interface Draft {
  name: string;
  byPlace: boolean;
  columns: Columns;
}

/** 'own': as we write them ourselves; 'new': being made; else a saved one's id. */
export type MappingChoice = 'own' | 'new' | number;

export function newDraft(lines: string[][]): Draft {
  return { name: '', byPlace: false, columns: guess(lines[0] ?? []) };
}

export function lacks(draft: Draft, ofSchool: boolean): string {
  const fields = missingFields(draft.columns, ofSchool).map((field) => words().fields[field] ?? field);
  return fields.length > 0 ? words().mappingMissing(fields.join('、')) : '';
}

interface ChoiceProps {
  choice: MappingChoice;
  saved: RosterMapping[];
  onChange: (choice: MappingChoice) => void;
}

export function MappingSelect({ choice, saved, onChange }: ChoiceProps) {
  const options: [string, string][] = [
    ['own', words().mappingOwn],
    ...saved.map((one): [string, string] => [String(one.id), one.name]),
    ['new', words().mappingNew],
  ];
  return (
    <Select
      label={words().mapping}
      value={String(choice)}
      options={options}
      onChange={(value) => onChange(value === 'own' || value === 'new' ? value : Number(value))}
    />
  );
}

function sampleOf(lines: string[][], draft: Draft, column: string): string {
  const at = draft.byPlace ? Number(column) - 1 : (lines[0] ?? []).indexOf(column);
  return (at >= 0 && lines[draft.byPlace ? 0 : 1]?.[at]) || '';
}

export function MappingEditor({ draft, lines, onChange }: { draft: Draft; lines: string[][]; onChange: (draft: Draft) => void }) {
  const first = lines[0] ?? [];
  const columns: [string, string][] = draft.byPlace
    ? first.map((_, i) => [String(i + 1), words().columnAt(i + 1)])
    : first.filter(Boolean).map((heading) => [heading, heading]);
  const set = (field: string, column: string) => {
    const { [field]: _, ...others } = draft.columns;
    onChange({ ...draft, columns: column ? { ...others, [field]: column } : others });
  };
  return (
    <div class="mapping">
      <label class="tick">
        <input
          type="checkbox"
          checked={draft.byPlace}
          onChange={(event) => onChange({ ...draft, byPlace: event.currentTarget.checked, columns: event.currentTarget.checked ? {} : guess(first) })}
        />
        <span>{words().byPlace}</span>
      </label>
      <table class="list-table">
        <thead>
          <tr>
            <th scope="col">{words().mappingField}</th>
            <th scope="col">{words().mappingColumn}</th>
            <th scope="col">{words().mappingSample}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(words().fields).map(([field, label]) => (
            <tr key={field}>
              <th scope="row">{label}</th>
              <td>
                <Select
                  quiet
                  label={label}
                  value={draft.columns[field] ?? ''}
                  options={[['', words().mappingNone], ...columns]}
                  onChange={(column) => set(field, column)}
                />
              </td>
              <td class="mapping-sample">{sampleOf(lines, draft, draft.columns[field] ?? '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Field label={words().mappingName} hint={words().mappingNameHint} maxLength={60} value={draft.name} onInput={(name) => onChange({ ...draft, name })} />
    </div>
  );
}
