// A new report that came in out of sight is offered, never scrolled to by itself.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { Icon } from '../ui/icon';

function outOfSight(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-fresh]')].filter((row) => {
    const box = row.getBoundingClientRect();
    return box.bottom < 0 || box.top > innerHeight;
  });
}

export function FreshBelow() {
  const [hidden, setHidden] = useState(0);
  useEffect(() => {
    const look = () => setHidden(outOfSight().length);
    look();
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  });
  if (hidden === 0) return null;
  return (
    <button type="button" class="button primary fresh-pill" onClick={() => outOfSight()[0]?.scrollIntoView({ block: 'center' })}>
      <Icon name="arrow" />
      {t().roster.fresh(hidden)}
    </button>
  );
}
