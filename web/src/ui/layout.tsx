import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../app/i18n';
import { keep } from '../app/kept';
import { place } from '../app/router';
import { session, views } from '../app/session';
import { isManaging, type View } from '../app/views';
import { DemoBanner } from '../demo/banner';
import { ConnectionState } from './connection';
import { SignOut } from './sign-out';

function viewName(view: View): string {
  const words = t().view;
  if (view.kind === 'class') return words.class(view.grade, view.name);
  if (view.kind === 'school') return words.school(view.name);
  return words[view.kind];
}

const GUARDIAN_PATHS = ['/home', '/report', '/sent', '/absences', '/children'];

function isCurrent(view: View, path: string): boolean {
  if (view.kind === 'guardian') return GUARDIAN_PATHS.some((start) => path.startsWith(start));
  if (view.kind === 'manage' || isManaging(path)) return view.kind === 'manage' && isManaging(path);
  return path === view.path || path.startsWith(`${view.path}/`);
}

/** An account with several roles goes from one to the other here. */
function Views() {
  const path = place.value.path;
  const current = views.value.find((view) => isCurrent(view, path));
  useEffect(() => {
    if (current && current.kind !== 'manage') keep('view', current.path);
  }, [current?.path]);
  if (views.value.length < 2) return null;
  return (
    <nav class="views" aria-label={t().app.views}>
      {views.value.map((view) => (
        <a key={view.path} href={view.path} aria-current={view === current ? 'page' : undefined}>
          {viewName(view)}
        </a>
      ))}
    </nav>
  );
}

function Brand() {
  return (
    <a class="brand" href="/">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" />
        <path d="M8 17l6 6L25 10" />
      </svg>
      <span>{t().app.name}</span>
    </a>
  );
}

export function Layout({ children }: { children: ComponentChildren }) {
  const who = session.value;
  return (
    <>
      <a class="skip" href="#main">
        {t().app.skip}
      </a>
      <DemoBanner />
      <header class="header">
        <Brand />
        <Views />
        <ConnectionState />
        {who && <SignOut who={who} />}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
