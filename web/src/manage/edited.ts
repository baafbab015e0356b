// A record while it is edited here and, perhaps, elsewhere: what was typed stays, every other field follows what is stored.
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Edited<T> {
  draft: T;
  change: (part: Partial<T>) => void;
  changed: boolean;
  /** Somebody else's version came in while something was typed. */
  overtaken: boolean;
  /** What is stored, instead of what was typed. */
  takeStored: () => void;
  /** The next version is one's own. */
  expectOwn: () => void;
}

/** Where `mine` differs from what it began as, it stays. */
export function merged<T extends object>(mine: T, began: T, stored: T): T {
  const kept = Object.entries(mine).filter(([name, value]) => value !== began[name as keyof T]);
  return { ...stored, ...Object.fromEntries(kept) };
}

const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);

export function useEdited<T extends object>(stored: T, version: number): Edited<T> {
  const [draft, setDraft] = useState(stored);
  const [overtaken, setOvertaken] = useState(false);
  const began = useRef({ version, stored });
  const own = useRef(false);
  const settle = (next: T) => {
    setDraft(next);
    setOvertaken(!same(next, stored));
    own.current = false;
    began.current = { version, stored };
  };
  useEffect(() => {
    if (began.current.version !== version) settle(own.current ? stored : merged(draft, began.current.stored, stored));
  }, [version]);
  return {
    draft,
    change: (part) => setDraft((now) => ({ ...now, ...part })),
    changed: !same(draft, stored),
    overtaken,
    takeStored: () => settle(stored),
    expectOwn: () => {
      own.current = true;
    },
  };
}
