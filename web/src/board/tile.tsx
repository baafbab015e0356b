import { t } from '../app/i18n';
import type { School, SchoolGauge } from '../app/nouns';
import { judge, rateOf, type Usual } from './judge';
import { JudgementMark } from './mark';
import { Spark } from './spark';

interface Props {
  school: School;
  /** As it is known on the wall. */
  name: string;
  gauge: SchoolGauge;
  usual: Usual | undefined;
}

/** Two digits: a tile has no room for three, and above ten the tenths tell nothing. */
const percent = (rate: number) => rate.toFixed(rate < 9.95 ? 1 : 0);

export function Tile({ school, name, gauge, usual }: Props) {
  const judged = judge(gauge, usual);
  const rate = percent(rateOf(gauge));
  const words = t();
  return (
    <a class={`school-tile ${judged}`} href={`/city/${school.id}`} data-school={school.id}>
      <span class="for-readers">
        {words.board.tile(school.name, rate, gauge.absent, gauge.suspended, words.board[judged])}
        {gauge.unaccounted > 0 && `${words.roster.unaccounted} ${gauge.unaccounted}`}
      </span>
      <span class="tile-name" aria-hidden="true">
        {name}
      </span>
      <span class="tile-rate digits" aria-hidden="true">
        {rate}
        <small>%</small>
      </span>
      <span class="tile-side" aria-hidden="true">
        <Spark rates={[...(usual?.rates ?? []), rateOf(gauge)]} />
        <span class={`tile-roll digits ${gauge.called === gauge.classes ? 'all' : ''}`}>
          {words.roster.roll}
          <b data-count="called">
            {gauge.called}/{gauge.classes}
          </b>
        </span>
      </span>
      <span class="tile-counts digits" aria-hidden="true">
        <span>
          {words.kind.absent.slice(0, 1)}
          <b data-count="absent">{gauge.absent}</b>
        </span>
        <span>
          {words.kind.late.slice(0, 1)}
          <b>{gauge.late}</b>
        </span>
        <span>
          {words.state.unacknowledged.slice(0, 1)}
          <b>{gauge.unacknowledged}</b>
        </span>
      </span>
      {gauge.unaccounted > 0 && (
        <span class="tile-missing digits" aria-hidden="true">
          {words.roster.unaccounted} <b data-count="unaccounted">{gauge.unaccounted}</b>
        </span>
      )}
      {judged !== 'usual' && (
        <span class="tile-mark" aria-hidden="true">
          <JudgementMark of={judged} />
          {usual && gauge.unaccounted === 0 && <span class="digits">{words.board.mean(usual.mean.toFixed(1))}</span>}
        </span>
      )}
    </a>
  );
}
