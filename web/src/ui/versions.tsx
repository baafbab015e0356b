// Every version of one thing, asked for when somebody looks.
import { useState } from 'preact/hooks';
import { formatInstant } from '../app/days';
import { t } from '../app/i18n';
import { useResource } from '../app/resource';
import type { Rows } from '../app/gives/rows';
import { today } from '../app/store';
import { Loading } from './loading';

export interface Made {
  version: number;
  made_at: string;
}

interface Props<V> {
  load: () => Promise<Rows<V>>;
  /** What of it changes when there is a version more. */
  of: string | number;
  what: (version: V) => string;
  by: (version: V) => string;
  facts: (version: V) => string[];
}

function List<V extends Made>({ load, of, what, by, facts }: Props<V>) {
  const { data, error, retry } = useResource(load, [of]);
  if (error && !data) {
    return (
      <button type="button" class="button" onClick={retry}>
        {t().app.retry}
      </button>
    );
  }
  if (!data) return <Loading lines={2} />;
  return (
    <ol class="versions">
      {data.rows.map((version) => (
        <li key={version.version}>
          <span class="digits">{formatInstant(version.made_at, today.value)}</span> {what(version)}（{by(version)}）
          {facts(version).length > 0 && <span class="sub">{facts(version).join('　')}</span>}
        </li>
      ))}
    </ol>
  );
}

export function Versions<V extends Made>(props: Props<V>) {
  const [open, setOpen] = useState(false);
  return (
    <details class="versions-of" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t().history.versions}</summary>
      {open && <List {...props} />}
    </details>
  );
}
