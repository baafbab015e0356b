import { place } from '../app/router';
import { words } from './words';

/** Absences or symptoms: two views of one map. */
export function BoardViews() {
  const w = words();
  return (
    <nav class="switch" aria-label={w.views}>
      {(['/city', '/city/symptoms'] as const).map((path) => (
        <a key={path} href={path} aria-current={place.value.path === path ? 'page' : undefined}>
          {path === '/city' ? w.view.absences : w.view.symptoms}
        </a>
      ))}
    </nav>
  );
}
