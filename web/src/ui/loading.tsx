import { t } from '../app/i18n';

/** The shape of what is coming, so that nothing jumps when it is there. */
export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="for-readers">{t().app.loading}</span>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} class="skeleton-line" />
      ))}
    </div>
  );
}
