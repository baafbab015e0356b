import { t } from '../app/i18n';
import { words as requestWords } from '../requests/words';
import type { Figures, StaffFigures } from './figures';

/** 欠席 2 遅刻 1 未確認 1, in fixed places. */
export function Totals({ figures, students }: { figures: Figures | StaffFigures; students?: number }) {
  const words = t();
  const items: [name: string, word: string, n: number][] = [
    ['absent', words.kind.absent, figures.absent],
    ['suspended', words.state.suspended, figures.suspended],
    ['standing', words.state.standing, figures.standing],
    ['late', words.kind.late, figures.late],
    ['leave_early', words.kind.leave_early, figures.early],
    ['open', words.state.unacknowledged, figures.open],
  ];
  if ('requests' in figures) {
    items.push(['requests', requestWords().total, figures.requests]);
  }
  return (
    <dl class="totals">
      {items.map(([name, word, n]) => (
        <div key={name} class={`total ${name} ${n > 0 ? 'some' : ''}`} data-total={name}>
          <dt>{word}</dt>
          <dd>{n}</dd>
        </div>
      ))}
      {students !== undefined && (
        <div class="total quiet-total">
          <dt>{words.roster.total}</dt>
          <dd>{students}</dd>
        </div>
      )}
    </dl>
  );
}
