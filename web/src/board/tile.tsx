import { t } from '../app/i18n';
import type { School, SchoolGauge } from '../app/nouns';
import { judge, rateOf, type Usual } from './judge';
import { JudgementMark } from './mark';
import { Spark } from './spark';

/** 市立武庫小学校 and 武庫小学校 are known as 武庫小 on the wall. */
export function shortName(name: string): string {
  return name
    .replace(/^.*市立/, '')
    .replace(/小学校$/, '小')
    .replace(/中学校$/, '中')
    .replace(/特別支援学校$/, '特支');
}

export function Tile({ school, gauge, usual }: { school: School; gauge: SchoolGauge; usual: Usual | undefined }) {
  const judged = judge(gauge, usual);
  const rate = rateOf(gauge).toFixed(1);
  const words = t();
  return (
    <a
      class={`school-tile ${judged}`}
      href={`/city/${school.id}`}
      data-school={school.id}
      aria-label={words.board.tile(school.name, rate, gauge.absent, words.board[judged])}
    >
      <span class="tile-name">{shortName(school.name)}</span>
      <JudgementMark of={judged} />
      <span class="tile-rate digits">
        {rate}
        <small>%</small>
      </span>
      <Spark rates={[...(usual?.rates ?? []), rateOf(gauge)]} />
      <span class="tile-counts digits">
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
    </a>
  );
}
