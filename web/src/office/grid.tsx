// Grade by class: each class in its fixed place, opening its reports beside.
import { t } from '../app/i18n';
import type { Illness } from '../app/gives/illness';
import type { Absence, SchoolClass } from '../app/nouns';
import { setQuery } from '../app/router';
import { type Figures, figuresOf } from '../staff/figures';
import { className } from '../staff/roster';
import { Icon } from '../ui/icon';

interface Props {
  classes: SchoolClass[];
  rows: Absence[];
  /** Suspended on this day. */
  kept: Illness[];
  /** Whose roll has been called. */
  called: ReadonlySet<number>;
  /** Classes that do not come today. */
  closed: ReadonlySet<number>;
  chosen?: number;
}

const NOBODY: ReadonlyMap<number, unknown> = new Map();

function Count({ name, word, n }: { name: string; word: string; n: number }) {
  return (
    <span class={`count ${name} ${n > 0 ? 'some' : ''}`}>
      {word}
      <b>{n}</b>
    </span>
  );
}

function Cell({ of, figures, called, closed, chosen }: { of: SchoolClass; figures: Figures; called: boolean; closed: boolean; chosen: boolean }) {
  const words = t();
  const { absent, suspended, late, early, open } = figures;
  return (
    <button
      type="button"
      class={`cell ${absent + suspended + late + early > 0 ? 'some' : ''} ${called ? 'called' : ''}`}
      aria-pressed={chosen}
      data-class={of.id}
      onClick={() => setQuery({ class: chosen ? undefined : String(of.id) })}
    >
      <span class="for-readers">{words.office.cell(className(of), absent, suspended, late, early, open)} {closed ? words.roster.closed : called && words.roster.called}</span>
      <span class="cell-name" aria-hidden="true">
        {called && !closed && <span class="cell-called">✓</span>}
        {of.name} {closed && <span class="mark state-unacknowledged">{words.roster.closed}</span>}
      </span>
      <span class="counts digits" aria-hidden="true">
        <Count name="absent" word={words.kind.absent.slice(0, 1)} n={absent} />
        <Count name="suspended" word={words.state.suspendedShort} n={suspended} />
        <Count name="late" word={words.kind.late.slice(0, 1)} n={late} />
        <Count name="leave_early" word={words.kind.leave_early.slice(0, 1)} n={early} />
      </span>
      <span class={`cell-open digits ${open > 0 ? 'some' : ''}`} aria-hidden="true">
        {open > 0 ? `${words.state.unacknowledged} ${open}` : ''}
      </span>
    </button>
  );
}

export function Grid({ classes, rows, kept, called, closed, chosen }: Props) {
  const words = t().office;
  const grades = [...new Set(classes.map((one) => one.grade))].sort((a, b) => (a || 99) - (b || 99));
  const of = (id: number) => {
    const suspended = new Map(kept.filter((row) => row.class_id === id).map((row) => [row.student_id, row]));
    return figuresOf(rows.filter((row) => row.class_id === id), { suspended, away: NOBODY });
  };
  return (
    <section class="grid-side" aria-labelledby="grid-title">
      <h2 id="grid-title">
        {words.grid} <span class="sub digits"><span class="cell-called">✓</span>
          {t().roster.calledOf(classes.filter((one) => called.has(one.id) && !closed.has(one.id)).length, classes.length - closed.size)}
        </span>
      </h2>
      {grades.map((grade) => (
        <div key={grade} class="grade-row">
          <span class="grade-name digits">{grade > 0 ? words.grade(grade) : t().roster.supportShort}</span>
          <div class="cells">
            {classes
              .filter((one) => one.grade === grade)
              .map((one) => (
                <Cell key={one.id} of={one} figures={of(one.id)} called={called.has(one.id)} closed={closed.has(one.id)} chosen={one.id === chosen} />
              ))}
          </div>
        </div>
      ))}
      {chosen !== undefined && (
        <a class="button" href={`/class/${chosen}`}>
          {words.openClass}
          <Icon name="arrow" />
        </a>
      )}
    </section>
  );
}
