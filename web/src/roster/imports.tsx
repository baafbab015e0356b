// What was imported before, and the roster as files.
import { formatInstant } from '../app/days';
import type { ImportState, RosterImport } from '../app/gives/roster';
import { today } from '../app/store';
import { State, type Shape, type Tone } from '../manage/state';
import { sentenceOf } from './sentence';
import { words } from './words';

const looks: Record<ImportState, [Shape, Tone]> = {
  staged: ['half', 'info'],
  checked: ['ring', 'warn'],
  booked: ['half', 'info'],
  scheduled: ['half', 'info'],
  applied: ['done', 'good'],
  undone: ['cross', 'quiet'],
  discarded: ['dash', 'quiet'],
};

export function ImportStateWord({ state }: { state: ImportState }) {
  const [shape, tone] = looks[state];
  return (
    <State shape={shape} tone={tone}>
      {words().state[state]}
    </State>
  );
}

export function importPath(of: Pick<RosterImport, 'id' | 'kind'>, school_id?: number): string {
  if (of.kind === 'rollover') return '/city/rollover';
  return `${school_id ? `/school/${school_id}` : '/city'}/roster/${of.id}`;
}

function Row({ of, school_id }: { of: RosterImport; school_id?: number }) {
  return (
    <li class="import-row" data-import={of.id}>
      <div class="row">
        <ImportStateWord state={of.state} />
        <b>{words().kind[of.kind]}</b>
        {school_id === undefined && <span>{of.school_name ?? words().allSchools}</span>}
        <span class="sub digits">{words().by(of.made_by ?? words().system, formatInstant(of.made_at, today.value))}</span>
      </div>
      <p>{sentenceOf(of)}</p>
      <a href={importPath(of, school_id)}>{words().open}</a>
    </li>
  );
}

export function PastImports({ imports, school_id }: { imports: RosterImport[]; school_id?: number }) {
  return (
    <section class="panel" aria-labelledby="past-title">
      <h2 id="past-title">{words().past}</h2>
      {imports.length === 0 ? (
        <p class="empty">{words().pastEmpty}</p>
      ) : (
        <ul class="import-rows">
          {imports.map((one) => (
            <Row key={one.id} of={one} school_id={school_id} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function Export({ school_id }: { school_id?: number }) {
  const query = school_id ? `school_id=${school_id}&` : '';
  return (
    <section class="panel" aria-labelledby="export-title">
      <h2 id="export-title">{words().export}</h2>
      <p class="sub">{words().exportLead}</p>
      <div class="row">
        {Object.entries(words().exportFormats).map(([format, text]) => (
          <a key={format} class="button" href={`/api/roster/export?${query}format=${format}`} download>
            {text}
          </a>
        ))}
      </div>
    </section>
  );
}
