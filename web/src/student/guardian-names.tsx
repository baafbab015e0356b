// A guardian's name as the office puts it right: a slip of the pen at registration, a marriage.
import type { Guardianship } from '../app/gives/registrants';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field } from '../manage/parts';
import { nameErrors, tidyNames } from '../person/names';
import type { Names } from '../person/nouns';
import { fullName } from '../ui/name';
import { words } from './words';

interface Props {
  of: Guardianship;
  busy: boolean;
  onSave: (names: Names, saved: () => void) => void;
}

export function namesOf({ family_name, given_name, family_kana, given_kana }: Names): Names {
  return { family_name, given_name, family_kana, given_kana };
}

export function GuardianNames({ of, busy, onSave }: Props) {
  const { draft, change, changed, overtaken, takeStored, expectOwn } = useEdited(namesOf(of), of.names_version);
  const w = words();
  const wrong = changed ? Object.values(nameErrors(draft)).find(Boolean) : undefined;
  const labels: [keyof Names, string][] = [
    ['family_name', w.ofGuardian(w.family)],
    ['given_name', w.ofGuardian(w.given)],
    ['family_kana', w.ofGuardian(w.familyKana)],
    ['given_kana', w.ofGuardian(w.givenKana)],
  ];
  return (
    <details class="guardian-names">
      <summary>{w.names}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSave(tidyNames(draft), expectOwn);
        }}
      >
        <p class="sub">{w.namesLead}</p>
        <div class="form-grid">
          {labels.map(([name, label]) => (
            <Field key={name} label={label} value={draft[name]} maxLength={40} onInput={(text) => change({ [name]: text })} />
          ))}
        </div>
        {wrong && (
          <p class="field-error" role="alert">
            {wrong}
          </p>
        )}
        {overtaken && <Overtaken stored={labels.filter(([name]) => draft[name] !== of[name]).map(([name, label]) => [label, of[name]])} onTake={takeStored} />}
        <div class="row">
          <button class="button" disabled={busy || !changed || Boolean(wrong)} aria-label={`${w.saveNames} ${fullName(of)}`}>
            {w.saveNames}
          </button>
        </div>
      </form>
    </details>
  );
}
