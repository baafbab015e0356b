import { comesLate, type Draft, leavesEarly, type Missing, UNKNOWN } from '../app/draft';
import { formatTime } from '../app/days';
import { t } from '../app/i18n';
import { Notice } from '../ui/notice';

const ARRIVALS = ['09:00', '09:30', '10:00', '10:30', '11:00'];
const LEAVES = ['10:30', '11:30', '12:30', '13:30', '14:30'];

interface TimeProps {
  id: string;
  legend: string;
  usual: string[];
  value: string;
  onChange: (time: string) => void;
  /** The reason allows that nobody knows it yet. */
  mayBeOpen: boolean;
  problem?: string | false;
}

/** The usual times are one tap; any other can be set. */
function TimeField({ id, legend, usual, value, onChange, mayBeOpen, problem }: TimeProps) {
  return (
    <fieldset class="field-set" id={id}>
      <legend>{legend}</legend>
      <div class="chips">
        {usual.map((time) => (
          <label key={time} class="chip digits">
            <input type="radio" name={id} checked={value === time} onChange={() => onChange(time)} />
            <span>{formatTime(time)}</span>
          </label>
        ))}
        {mayBeOpen && (
          <label class="chip">
            <input type="radio" name={id} checked={value === UNKNOWN} onChange={() => onChange(UNKNOWN)} />
            <span>{t().report.unknownTime}</span>
          </label>
        )}
        <label class="other-time">
          <span>{t().report.otherTime}</span>
          <input type="time" step={300} value={value === UNKNOWN ? '' : value} onInput={(e) => onChange(e.currentTarget.value)} />
        </label>
      </div>
      {problem && <Notice tone="bad">{problem}</Notice>}
    </fieldset>
  );
}

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  missing: Missing[];
  mayBeOpen: boolean;
}

export function TimeFields({ draft, onChange, missing, mayBeOpen }: Props) {
  const words = t().report;
  const leaveProblem = (['leave', 'order'] as const).find((name) => missing.includes(name));
  return (
    <>
      {comesLate(draft.kind) && (
        <TimeField
          id="field-arrive"
          legend={words.arrive}
          usual={ARRIVALS}
          value={draft.arrive}
          onChange={(arrive) => onChange({ arrive })}
          mayBeOpen={mayBeOpen}
          problem={missing.includes('arrive') && words.missing.arrive}
        />
      )}
      {leavesEarly(draft.kind) && (
        <TimeField
          id="field-leave"
          legend={words.leave}
          usual={LEAVES}
          value={draft.leave}
          onChange={(leave) => onChange({ leave })}
          mayBeOpen={mayBeOpen}
          problem={leaveProblem && words.missing[leaveProblem]}
        />
      )}
    </>
  );
}
