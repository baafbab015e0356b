// What changed when, and who did it: newest first.
import { formatInstant } from '../app/days';
import { today } from '../app/store';
import { words } from './words';

export interface HistoryEntry {
  key: string;
  at: string;
  what: string;
  by: string;
  text: string;
}

export function HistoryList({ entries }: { entries: HistoryEntry[] }) {
  return (
    <section class="panel" aria-labelledby="history-title">
      <h2 id="history-title">{words().history}</h2>
      {entries.length === 0 && <p class="empty">{words().noHistory}</p>}
      <ol class="history-rows">
        {entries.map((one) => (
          <li key={one.key}>
            <b>{one.what}</b>
            <span>{one.text}</span>
            <span class="sub digits">
              {formatInstant(one.at, today.value)} {one.by}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
