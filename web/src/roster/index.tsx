import './roster.css';
import { request } from '../app/api';
import { useResource } from '../app/resource';
import { Manage } from '../manage/frame';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { ByHand } from './by-hand';
import { ChooseFile } from './choose';
import { Export, PastImports } from './imports';

async function load(school_id?: number) {
  const query = school_id ? { query: { school_id } } : {};
  const [imports, mappings] = await Promise.all([request('GET /api/roster/imports', query), request('GET /api/roster/mappings', query)]);
  return { imports: imports.rows.filter((one) => one.kind !== 'rollover'), mappings: mappings.rows };
}

export function RosterScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id) || undefined;
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return (
    <Manage school_id={school_id} tab="roster">
      <div class="two-columns">
        <ChooseFile school_id={school_id} mappings={data.mappings} onMappings={retry} />
        <div class="stack">
          {school_id !== undefined && <ByHand school_id={school_id} />}
          <PastImports imports={data.imports} school_id={school_id} />
          <Export school_id={school_id} />
        </div>
      </div>
    </Manage>
  );
}

export { ImportScreen } from './import';
