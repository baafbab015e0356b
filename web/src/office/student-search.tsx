// Kana as you type; arrows move, Enter chooses. A combobox as ARIA describes it.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { request } from '../app/api';
import { t } from '../app/i18n';
import type { Student } from '../app/nouns';
import { toHiragana } from '../person/kana';
import { Name } from '../ui/name';

const PAUSE_MS = 120;

interface Props {
  school_id: number;
  describe: (student: Student) => string;
  onChoose: (student: Student) => void;
}

function useFound(school_id: number, typed: string): Student[] | undefined {
  const [found, setFound] = useState<Student[]>();
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    const q = toHiragana(typed);
    if (!q) return setFound(undefined);
    const timer = setTimeout(async () => {
      const answer = await request('POST /api/schools/{school_id}/students/search', { path: { school_id }, body: { q } }).catch(() => undefined);
      if (mine === turn.current && answer) setFound(answer.rows);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return found;
}

export function StudentSearch({ school_id, describe, onChoose }: Props) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const found = useFound(school_id, typed);
  const words = t().entry;
  useEffect(() => setAt(0), [found]);
  useLayoutEffect(() => input.current?.focus(), []);
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const count = found?.length ?? 0;
    if (event.key === 'Enter') {
      event.preventDefault();
      const student = found?.[at];
      if (student) onChoose(student);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count > 0) {
      event.preventDefault();
      setAt((at + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    }
  };
  return (
    <div class="search">
      <label class="field">
        <span>{words.search}</span>
        <input
          ref={input}
          role="combobox"
          aria-expanded={(found?.length ?? 0) > 0}
          aria-controls="found-students"
          aria-autocomplete="list"
          aria-activedescendant={found?.[at] ? `found-${found[at].student_id}` : undefined}
          aria-describedby="search-hint"
          autocomplete="off"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKey}
        />
      </label>
      <p id="search-hint" class="sub">
        {words.searchHint}
      </p>
      <p class="for-readers" role="status">
        {found && words.found(found.length)}
      </p>
      {found?.length === 0 && <p class="empty">{words.found(0)}</p>}
      <ul id="found-students" class="found" role="listbox" aria-label={words.search}>
        {found?.map((student, i) => (
          <li
            key={student.student_id}
            id={`found-${student.student_id}`}
            role="option"
            aria-selected={i === at}
            onClick={() => onChoose(student)}
          >
            <Name of={student} /> <span class="sub digits">{describe(student)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
