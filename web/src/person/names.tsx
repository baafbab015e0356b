// Name and reading. The reading is taken from the keyboard while the name is typed in kana, and may be put right.
import { useRef } from 'preact/hooks';
import type { Errors } from './form';
import { TextField } from './fields';
import { isHiragana, tidyName, toHiragana } from './kana';
import type { Names } from './nouns';
import { words } from './words';

export const NO_NAMES: Names = { family_name: '', given_name: '', family_kana: '', given_kana: '' };
const FIELDS = ['family_name', 'given_name', 'family_kana', 'given_kana'] as const;

export function tidyNames(names: Names): Names {
  return {
    family_name: tidyName(names.family_name),
    given_name: tidyName(names.given_name),
    family_kana: toHiragana(names.family_kana),
    given_kana: toHiragana(names.given_kana),
  };
}

export function nameErrors(names: Names): Errors {
  const w = words().names;
  const tidy = tidyNames(names);
  const errors: Errors = {};
  for (const field of FIELDS) {
    if (!tidy[field]) errors[field] = w.empty[field];
    else if (field.endsWith('_kana') && !isHiragana(tidy[field])) errors[field] = w.kana;
  }
  return errors;
}

interface PartProps {
  part: 'family' | 'given';
  names: Names;
  onChange: (part: Partial<Names>) => void;
  errors: Errors;
}

function NameAndKana({ part, names, onChange, errors }: PartProps) {
  const w = words().names;
  const typed = useRef('');
  /** The reading as far as it came from the keyboard; once it is put right by hand, it is left alone. */
  const offered = useRef('');
  const name = `${part}_name` as const;
  const kana = `${part}_kana` as const;
  const offerKana = () => {
    if (typed.current && names[kana] === offered.current) {
      offered.current += typed.current;
      onChange({ [kana]: offered.current });
    }
    typed.current = '';
  };
  const typeName = (text: string) => {
    const emptied = text === '' && names[kana] === offered.current;
    if (emptied) offered.current = '';
    onChange(emptied ? { [name]: '', [kana]: '' } : { [name]: text });
  };
  return (
    <>
      <TextField
        label={w[part]}
        name={name}
        value={names[name]}
        onValue={typeName}
        error={errors[name]}
        autocomplete={part === 'family' ? 'family-name' : 'given-name'}
        maxLength={40}
        onCompositionUpdate={(event: CompositionEvent) => {
          if (isHiragana(toHiragana(event.data))) typed.current = toHiragana(event.data);
        }}
        onCompositionEnd={offerKana}
      />
      <TextField
        label={w[`${part}Kana`]}
        name={kana}
        value={names[kana]}
        onValue={(text) => onChange({ [kana]: text })}
        error={errors[kana]}
        autocomplete="off"
        maxLength={60}
      />
    </>
  );
}

export function NameFields({ names, onChange, errors }: Omit<PartProps, 'part'>) {
  return (
    <fieldset class="field-set names">
      <legend class="for-readers">{words().names.legend}</legend>
      <div class="pair">
        <NameAndKana part="family" names={names} onChange={onChange} errors={errors} />
      </div>
      <div class="pair">
        <NameAndKana part="given" names={names} onChange={onChange} errors={errors} />
      </div>
      <p class="sub">{words().names.kanaHint}</p>
    </fieldset>
  );
}
