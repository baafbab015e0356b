import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { formatDays } from '../app/days';
import { daysOf, type Draft, leavesEarly, type Missing, missingIn, reasonsFor } from '../app/draft';
import { t } from '../app/i18n';
import type { Kind, Reason } from '../app/nouns';
import { today } from '../app/store';
import { Notice } from '../ui/notice';
import { KindField } from './kind';
import { PickUpField } from './pick-up';
import { NoteField, ReasonField } from './reason';
import { SymptomsField } from './symptoms';
import { TimeFields } from './time';
import { WhenField } from './when';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  kinds: Kind[];
  /** Away for long: the school knows why. */
  away: boolean;
  reasons: Reason[];
  names: string[];
  sending: boolean;
  onSubmit: () => Promise<void>;
  correcting?: { first_day: string };
  /** Why there is no school that day; undefined: there is. */
  off?: (day: string) => string | undefined;
  /** None of the days is a day of school. */
  noSchool?: boolean;
  label?: string;
  before?: ComponentChildren;
  problems?: ComponentChildren;
  hint?: ComponentChildren;
}

const fieldOf: Record<Missing, string> = {
  who: 'field-who',
  days: 'field-when',
  noSchool: 'field-when',
  past: 'field-when',
  long: 'field-when',
  far: 'field-when',
  reason: 'field-reason',
  arrive: 'field-arrive',
  leave: 'field-leave',
  order: 'field-leave',
  pickUp: 'field-pick-up',
  note: 'field-note',
  noteLong: 'field-note',
};

function focusField(id: string): void {
  const field = document.getElementById(id);
  field?.scrollIntoView({ block: 'center' });
  field?.querySelector<HTMLElement>('input, textarea')?.focus({ preventScroll: true });
}

/** A correction may keep the first day that it has. */
function earliestDay(correcting: Props['correcting']): string {
  return correcting && correcting.first_day < today.value ? correcting.first_day : today.value;
}

/** What will be sent, in one line, above the button that sends it. */
function Summary({ draft, names }: Pick<Props, 'draft' | 'names'>) {
  if (names.length === 0) return <p class="summary">{t().report.summaryNone}</p>;
  const days = formatDays(...daysOf(draft));
  const parts = [names.join('・'), days, t().kind[draft.kind], draft.kind !== 'attend' && draft.reason].filter(Boolean);
  return <p class="summary">{parts.join('　')}</p>;
}

export function ReportForm(props: Props) {
  const { draft, onChange, reasons, names, sending, away } = props;
  const [tried, setTried] = useState(false);
  const problems = useRef<HTMLDivElement>(null);
  const choices = reasonsFor(reasons, draft.kind);
  const reason = choices.find((choice) => choice.label === draft.reason);
  const missing: Missing[] = [
    ...(names.length === 0 ? (['who'] as const) : []),
    ...(props.noSchool ? (['noSchool'] as const) : []),
    ...missingIn(draft, today.value, reason, earliestDay(props.correcting), away),
  ];
  const shown = tried ? missing : [];
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (missing[0]) return focusField(fieldOf[missing[0]]);
    await props.onSubmit();
    problems.current?.scrollIntoView({ block: 'center' });
  };
  const words = t().report;
  return (
    <form class="report" onSubmit={submit} noValidate>
      {props.before}
      {shown.includes('who') && <Notice tone="bad">{words.missing.who}</Notice>}
      <KindField kinds={props.kinds} kind={draft.kind} onChange={(kind) => onChange({ kind })} />
      <WhenField draft={draft} onChange={onChange} missing={shown} fixed={props.correcting !== undefined} off={props.off} />
      {draft.kind !== 'attend' && (
        <>
          <ReasonField choices={choices} chosen={draft.reason} onChange={onChange} missing={shown} optional={away} />
          {reason?.asks_symptoms && <SymptomsField chosen={draft.symptoms} onChange={onChange} />}
          <TimeFields draft={draft} onChange={onChange} missing={shown} mayBeOpen={reason?.asks_times === false} />
        </>
      )}
      {leavesEarly(draft.kind) && <PickUpField draft={draft} onChange={onChange} missing={shown} />}
      <NoteField draft={draft} needed={(draft.kind !== 'attend' && reason?.needs_note) ?? false} onChange={onChange} missing={shown} />
      <div ref={problems}>{props.problems}</div>
      <div class="thumb">
        {props.hint}
        <Summary draft={draft} names={names} />
        <button class="button primary wide large" disabled={sending}>
          {sending ? words.sending : (props.label ?? words.submit)}
        </button>
      </div>
    </form>
  );
}
