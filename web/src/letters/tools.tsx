import type { ClassRegistration } from '../app/gives/registrants';
import { setQuery } from '../app/router';
import { Select } from '../manage/parts';
import { className } from '../staff/roster';
import { isLetterLanguage, type LetterLanguage, texts } from './texts';
import { words } from './words';

export interface Choice {
  class_id?: number;
  student_id?: number;
  nth: number;
  who: 'missing' | 'all';
  days: number;
}

interface ChoiceProps {
  choice: Choice;
  classes: ClassRegistration[];
  student?: string;
  onChange: (part: Partial<Choice>) => void;
}

const NTH = [1, 2, 3, 4];
const DAYS = [30, 60, 90, 180];

/** Whose letters: the class stands in the address, so that the list of registrants leads here. */
export function ChoiceFields({ choice, classes, student, onChange }: ChoiceProps) {
  return (
    <div class="tools">
      {choice.student_id ? (
        <Select
          label={words().forWhom}
          value="one"
          options={[
            ['one', words().oneChild(student ?? '')],
            ['', words().whole],
          ]}
          onChange={() => setQuery({ student: undefined })}
        />
      ) : (
        <Select
          label={words().forWhom}
          value={String(choice.class_id ?? '')}
          options={[['', words().whole], ...classes.map((one) => [String(one.class_id), className({ grade: one.grade, name: one.class_name })] as const)]}
          onChange={(id) => setQuery({ class: id })}
        />
      )}
      {!choice.student_id && choice.nth === 1 && (
        <Select
          label={words().who}
          value={choice.who}
          options={[
            ['missing', words().whoMissing],
            ['all', words().whoAll],
          ]}
          onChange={(who) => onChange({ who: who as Choice['who'] })}
        />
      )}
      <Select
        label={words().nth}
        value={String(choice.nth)}
        options={NTH.map((n) => [String(n), words().nthOf(n)])}
        onChange={(n) => onChange({ nth: Number(n) })}
      />
      <Select
        label={words().days}
        value={String(choice.days)}
        options={DAYS.map((n) => [String(n), words().daysOf(n)])}
        onChange={(n) => onChange({ days: Number(n) })}
      />
    </div>
  );
}

interface LookProps {
  language: LetterLanguage;
  furigana: boolean;
  onLanguage: (language: LetterLanguage) => void;
  onFurigana: (furigana: boolean) => void;
}

export function LookFields({ language, furigana, onLanguage, onFurigana }: LookProps) {
  return (
    <div class="tools">
      <Select
        label={words().language}
        value={language}
        options={Object.entries(texts).map(([name, text]) => [name, text.name])}
        onChange={(name) => isLetterLanguage(name) && onLanguage(name)}
      />
      {language === 'ja' && (
        <label class="tick">
          <input type="checkbox" checked={furigana} onChange={(event) => onFurigana(event.currentTarget.checked)} />
          <span>{words().furigana}</span>
        </label>
      )}
    </div>
  );
}
