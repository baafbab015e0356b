import { t } from '../app/i18n';

export interface Stage {
  name: string;
  /** When it was reached; undefined: not yet. */
  at?: string;
  note?: string;
}

/** 送信 -> 学校に届きました -> 先生が確認しました, filling as it happens. */
export function Stages({ stages }: { stages: Stage[] }) {
  const words = t().receipt;
  return (
    <ol class="stages" aria-label={words.stages}>
      {stages.map((stage) => (
        <li key={stage.name} class={stage.at ? 'done' : 'open'}>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <circle cx="12" cy="12" r="11" />
            {stage.at && <path d="M6 12.5l4 4L18 8" />}
          </svg>
          <span>{stage.name}</span>
          <span class="sub digits">{stage.at ?? stage.note ?? words.notYet}</span>
        </li>
      ))}
    </ol>
  );
}
