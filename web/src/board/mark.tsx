import { t } from '../app/i18n';
import type { Judgement } from './judge';

const shapes: Record<Judgement, string> = {
  usual: '',
  raised: 'M8 3l6.5 10h-13z',
  high: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
};

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
