import type { ComponentChildren } from 'preact';
import { t } from '../app/i18n';
import type { School, SchoolGauge } from '../app/nouns';
import { type Judgement, judge, rateOf, type Usual } from './judge';
import { JudgementMark } from './mark';
import { Spark } from './spark';

interface FrameProps {
  school: School;
  href: string;
  name: string;
  judged: Judgement;
  /** All of it in words, for who can't see the tile. */
  said: string;
  figure: string;
  unit: string;
  /** Of the last days and today, in percent. */
  rates: number[];
  side?: ComponentChildren;
  counts: [word: string, n: number, name?: string][];
  /** What needs somebody now: stands at the bottom, over what is usual. */
  alarm?: ComponentChildren;
  usual?: string;
}

export function TileFrame({ school, href, name, judged, said, figure, unit, rates, side, counts, alarm, usual }: FrameProps) {
  return (
    <a class={`school-tile ${judged}`} href={href} data-school={school.id}>
      <span class="for-readers">{said}</span>
      <span class="tile-name" aria-hidden="true">
        {name}
      </span>
      <span class="tile-rate digits" aria-hidden="true">
        {figure}
        <small>{unit}</small>
      </span>
      <span class="tile-side" aria-hidden="true">
        <Spark rates={rates} />
        {side}
      </span>
      <span class="tile-counts digits" aria-hidden="true">
        {counts.map(([word, n, count]) => (
          <span key={word}>
            {word}
            <b data-count={count}>{n}</b>
          </span>
        ))}
      </span>
      {alarm && (
        <span class="tile-missing digits" aria-hidden="true">
          {alarm}
        </span>
      )}
      {judged !== 'usual' && (
        <span class="tile-mark" aria-hidden="true">
          <JudgementMark of={judged} />
          {usual && !alarm && <span class="digits">{usual}</span>}
        </span>
      )}
    </a>
  );
}

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
  const words = t();
  const judged = judge(gauge, usual);
  const rate = percent(rateOf(gauge));
  const missing = gauge.unaccounted > 0;
  return (
    <TileFrame
      school={school}
      href={`/city/${school.id}`}
      name={name}
      judged={judged}
      said={`${words.board.tile(school.name, rate, gauge.absent, gauge.suspended, words.board[judged])}${missing ? `${words.roster.unaccounted} ${gauge.unaccounted}` : ''}`}
      figure={rate}
      unit="%"
      rates={[...(usual?.rates ?? []), rateOf(gauge)]}
      side={
        <span class={`tile-roll digits ${gauge.called === gauge.classes ? 'all' : ''}`}>
          {words.roster.roll}
          <b data-count="called">
            {gauge.called}/{gauge.classes}
          </b>
        </span>
      }
      counts={[
        [words.kind.absent.slice(0, 1), gauge.absent, 'absent'],
        [words.kind.late.slice(0, 1), gauge.late],
        [words.state.unacknowledged.slice(0, 1), gauge.unacknowledged],
      ]}
      alarm={
        missing && (
          <>
            {words.roster.unaccounted} <b data-count="unaccounted">{gauge.unaccounted}</b>
          </>
        )
      }
      usual={usual && words.board.mean(usual.mean.toFixed(1))}
    />
  );
}
