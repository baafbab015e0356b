import { useEffect, useRef } from 'preact/hooks';
import { t } from '../app/i18n';
import type { Reason, SchoolClass } from '../app/nouns';
import { setQuery } from '../app/router';
import { today } from '../app/store';
import { Select } from '../manage/parts';
import { className } from '../staff/roster';
import { Icon } from '../ui/icon';
import { type Asked, AWAYS, daysOf, isNarrowed, SORTS, SPANS } from './ask';
import { words } from './words';

interface Props {
  asked: Asked;
  typed: string;
  onType: (text: string) => void;
  classes: SchoolClass[];
  reasons: Reason[];
  /** One class's own page: grade and class are settled. */
  settled: boolean;
}

type Option = readonly [value: string, text: string];
const withAll = (options: Option[]): Option[] => [['', words().all], ...options];
const NONE = { grade: undefined, class: undefined, kind: undefined, reason: undefined, state: undefined, via: undefined, away: undefined };

function Day({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <label class="filter">
      <span>{label}</span>
      <input type="date" value={value} onChange={({ currentTarget }) => currentTarget.value && onChange(currentTarget.value)} />
    </label>
  );
}

export function Period({ asked }: { asked: Asked }) {
  return (
    <div class="list-period">
      <div class="switch" role="group" aria-label={words().quick}>
        {SPANS.map((span) => {
          const days = daysOf(span, today.value);
          return (
            <button key={span} type="button" aria-pressed={days.from === asked.from && days.to === asked.to} onClick={() => setQuery(days)}>
              {words().spans[span]}
            </button>
          );
        })}
      </div>
      <Day label={words().from} value={asked.from} onChange={(from) => setQuery({ from, to: asked.to < from ? from : asked.to })} />
      <Day label={words().to} value={asked.to} onChange={(to) => setQuery({ from: asked.from, to })} />
    </div>
  );
}

/** `/` goes to the search, as on the other lists. */
function useSlash(input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog');
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** On a phone the rows come first. */
const wide = () => matchMedia('(min-width: 48rem)').matches;

export function Tools({ asked, typed, onType, classes, reasons, settled }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useSlash(input);
  const w = words();
  const grades = [...new Set(classes.map((one) => one.grade).filter((grade) => grade > 0))];
  const shown = classes.filter((one) => !asked.grade || one.grade === asked.grade);
  const narrowed = isNarrowed(settled ? { ...asked, class_id: undefined } : asked, typed);
  const pairs = (of: Record<string, string>): Option[] => Object.entries(of);
  return (
    <div class="list-tools no-print" role="search">
      <Period asked={asked} />
      <details class="list-filters" open={wide() || narrowed}>
        <summary>{w.filters}</summary>
      <div class="filters">
        {!settled && (
          <>
            <Select
              label={w.grade}
              value={String(asked.grade ?? '')}
              options={withAll(grades.map((grade) => [String(grade), w.gradeOf(grade)]))}
              onChange={(grade) => setQuery({ grade, class: undefined })}
            />
            <Select
              label={w.class}
              value={String(asked.class_id ?? '')}
              options={withAll(shown.map((one) => [String(one.id), className(one)]))}
              onChange={(id) => setQuery({ class: id })}
            />
          </>
        )}
        <Select label={w.kind} value={asked.kind ?? ''} options={withAll(pairs(w.kinds))} onChange={(kind) => setQuery({ kind })} />
        <Select
          label={w.reason}
          value={String(asked.reason_id ?? '')}
          options={withAll(reasons.map((one) => [String(one.id), one.label]))}
          onChange={(reason) => setQuery({ reason })}
        />
        <Select label={w.state} value={asked.state ?? ''} options={withAll(pairs(w.states))} onChange={(state) => setQuery({ state })} />
        <Select label={w.via} value={asked.via ?? ''} options={withAll(pairs(w.vias))} onChange={(via) => setQuery({ via })} />
        <Select
          label={w.away}
          value={asked.away ?? ''}
          options={withAll(AWAYS.map((away) => [away, t().state[away]]))}
          onChange={(away) => setQuery({ away })}
        />
        <Select label={w.sort} value={asked.sort} options={SORTS.map((sort) => [sort, w.sorts[sort] ?? sort])} onChange={(sort) => setQuery({ sort })} />
        <label class="filter list-search">
          <span>
            {w.search} <kbd>/</kbd>
          </span>
          <input
            ref={input}
            type="search"
            autocomplete="off"
            maxLength={40}
            aria-keyshortcuts="/"
            value={typed}
            onInput={(event) => onType(event.currentTarget.value)}
          />
        </label>
        {narrowed && (
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              onType('');
              setQuery(NONE);
            }}
          >
            <Icon name="close" />
            {w.clear}
          </button>
        )}
      </div>
      </details>
    </div>
  );
}
