import { t } from '../app/i18n';
import type { Judgement } from './judge';

const shapes: Record<Judgement, string> = {
  usual: '',
  raised: 'M8 3l6.5 10h-13z',
  high: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
};

/** What the marks mean, and how many schools have each. */
export function Legend({ counts, high, raised }: { counts: Record<Judgement, number>; high: string; raised: string }) {
  return (
    <ul class="legend" aria-label={t().board.legend}>
      <li>
        <JudgementMark of="high" /> <b class="digits">{counts.high}</b>校 <span class="sub">{high}</span>
      </li>
      <li>
        <JudgementMark of="raised" /> <b class="digits">{counts.raised}</b>校 <span class="sub">{raised}</span>
      </li>
    </ul>
  );
}

/** 多め and 急増: a word, a shape and a colour. */
export function JudgementMark({ of }: { of: Judgement }) {
  if (of === 'usual') return null;
  return (
    <span class={`judged ${of}`}>
      <svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={shapes[of]} />
      </svg>
      {t().board[of]}
    </span>
  );
}
