// Rows by keyboard: the arrows go from one to the next, a letter presses the row's button of that key (data-key).
import { useEffect } from 'preact/hooks';

function step(rows: HTMLElement[], at: number, key: string): HTMLElement | undefined {
  if (key === 'ArrowDown') return rows[Math.min(at + 1, rows.length - 1)];
  if (key === 'ArrowUp') return rows[Math.max(at - 1, 0)];
  if (key === 'Home') return rows[0];
  return key === 'End' ? rows.at(-1) : undefined;
}

/** The elements that match `selector` within the list take part; each needs tabIndex. */
export function useRowKeys(list: { current: HTMLElement | null }, selector: string): void {
  useEffect(() => {
    const within = list.current;
    const onKey = (event: KeyboardEvent) => {
      const from = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || from.closest('input, textarea, select, dialog')) return;
      const rows = [...(within?.querySelectorAll<HTMLElement>(selector) ?? [])];
      const row = from.closest<HTMLElement>(selector);
      const next = step(rows, row ? rows.indexOf(row) : -1, event.key);
      const button = row?.querySelector<HTMLElement>(`[data-key="${event.key.toLowerCase()}"]`);
      if (!next && !button) return;
      event.preventDefault();
      next?.focus();
      button?.click();
    };
    within?.addEventListener('keydown', onKey);
    return () => within?.removeEventListener('keydown', onKey);
  });
}
