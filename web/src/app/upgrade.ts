// After an upgrade, a page that was open asks for a piece of code that is no longer there: it opens itself again, once.
const MARK = 'todoke.reopened';
const PAUSE_MS = 30_000;

export function reopenAfterUpgrade(): void {
  addEventListener('vite:preloadError', () => {
    const before = Number(sessionStorage.getItem(MARK));
    if (!navigator.onLine || Date.now() - before < PAUSE_MS) return;
    sessionStorage.setItem(MARK, String(Date.now()));
    location.reload();
  });
}
