import '../staff/staff.css';
import './office.css';
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { closureOn } from '../app/closures';
import { useTopic } from '../app/connection';
import type { Closure } from '../app/gives/register';
import { t } from '../app/i18n';
import type { Absence, Reason, SchoolClass, Standing } from '../app/nouns';
import { useResource } from '../app/resource';
import { place } from '../app/router';
import type { Illness } from '../app/gives/illness';
import { suspendedOn } from '../app/illness';
import { awayOn } from '../app/standing';
import { views } from '../app/session';
import { today } from '../app/store';
import { DaySwitch, shownDay } from '../staff/day-switch';
import { LastFailure } from '../staff/failure';
import { onDay, staffFiguresOf } from '../staff/figures';
import { OtherRequests } from '../staff/request-line';
import { useOpenRequests } from '../staff/requests';
import { loadClasses, loadRoster } from '../staff/roster';
import { Totals } from '../staff/totals';
import { useArrivals } from '../staff/use-arrivals';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { usePageTitle } from '../ui/page';
import { EntryDialog } from './entry';
import { Filters } from './filter-bar';
import { filtersFrom, matching } from './filters';
import { Grid } from './grid';
import { MissingChildren, useCalled } from './missing';
import { NearClosure } from './near-closure';
import { Unseen } from './unseen';
import { Stream } from './stream';

/** Names for those who are on the screen: the rosters of the classes that have reports. */
function useRosters(rows: { class_id: number }[]): void {
  const classes = [...new Set(rows.map((row) => row.class_id))].sort((a, b) => a - b);
  useEffect(() => {
    for (const id of classes) void loadRoster(id).catch(() => undefined);
  }, [classes.join()]);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
}

/** N opens the phone entry from anywhere on the screen. */
function usePhoneKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'n' || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      event.preventDefault();
      open();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

async function loadReasons(school_id: number): Promise<Reason[]> {
  return (await request('GET /api/reasons', { query: { school_id } })).rows;
}

/** What the dialog is for: a new report, or the correction of one. */
export type Entering = { edit?: Absence } | undefined;

function School({ id, classes }: { id: number; classes: SchoolClass[] }) {
  const topic = useTopic<Absence>(`absences/school/${id}`);
  const [entering, setEntering] = useState<Entering>();
  const { data: reasons = [] } = useResource(() => loadReasons(id), [id, entering]);
  usePhoneKey(() => setEntering({}));
  useArrivals(topic);
  const standing = useTopic<Standing>(`standing/school/${id}`).rows.value;
  const requests = useOpenRequests('school', id);
  const rows = onDay(topic.rows.value, shownDay());
  const away = awayOn(standing, shownDay());
  const illnesses = useTopic<Illness>(`illnesses/school/${id}`).rows.value;
  const suspended = suspendedOn(illnesses, shownDay());
  useRosters([...rows, ...requests]);
  const filters = filtersFrom(place.value.query);
  const state = topic.state.value;
  const name = views.value.find((view) => view.path === `/school/${id}`)?.name;
  const heading = usePageTitle(t().view.school(name));
  const called = useCalled(id);
  const closures = useTopic<Closure>(`closures/school/${id}`).rows.value;
  const closed = new Set(classes.filter((one) => closureOn(closures.values(), one, today.value)).map((one) => one.id));
  const students = classes.reduce((sum, one) => sum + one.students, 0);
  if (state === 'gone') return <FailurePage reason="forbidden" />;
  return (
    <div class="page office-page" data-state={state}>
      <div class="staff-head">
        {heading}
        <DaySwitch />
        <Totals figures={staffFiguresOf(rows, { suspended, away }, requests)} students={students} />
        <button type="button" class="button primary" onClick={() => setEntering({})} aria-keyshortcuts="N">
          <Icon name="phone" />
          {t().office.phone} <kbd>{t().office.phoneKey}</kbd>
        </button>
        <a class="button" href={`/school/${id}/closures`}>
          {t().roster.closures}
        </a>
        <a class="button" href={`/school/${id}/illnesses`}>
          {t().roster.illnesses}
        </a>
        <a class="button" href={`/school/${id}/surveillance`}>
          {t().roster.surveillance}
        </a>
      </div>
      <LastFailure />
      <Unseen school_id={id} open={onDay(topic.rows.value, today.value).filter((row) => !row.acknowledged_at).length} />
      <NearClosure school_id={id} classes={classes} />
      <OtherRequests open={requests} rows={rows} mayAct />
      <MissingChildren school_id={id} classes={classes} reports={onDay(topic.rows.value, today.value)} called={called} onEdit={(edit) => setEntering({ edit })} />
      <div class={`office-body ${state === 'stale' ? 'stale' : ''}`}>
        <Grid classes={classes} rows={rows} kept={[...suspended.values()]} called={called} closed={closed} chosen={filters.class_id} />
        <section class="stream-side" aria-labelledby="stream-title">
          <Filters filters={filters} classes={classes} />
          {state === 'loading' ? (
            <Loading lines={8} />
          ) : (
            <Stream
              rows={matching(rows, filters, classes, requests)}
              total={rows.length}
              classes={classes}
              away={away}
              suspended={suspended}
              requests={requests}
              arrived={topic.arrived.value}
              onEdit={(edit) => setEntering({ edit })}
            />
          )}
        </section>
      </div>
      {entering && (
        <EntryDialog
          school_id={id}
          classes={classes}
          reasons={reasons}
          standing={standing}
          illnesses={illnesses}
          edit={entering.edit}
          onClose={() => setEntering(undefined)}
        />
      )}
    </div>
  );
}

export function SchoolScreen({ params }: { params: Record<string, string> }) {
  const id = Number(params.id);
  const { data, error, retry } = useResource(() => loadClasses(), [id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) {
    return (
      <div class="page">
        <Loading lines={10} />
      </div>
    );
  }
  return <School id={id} classes={data.filter((one) => one.school_id === id)} />;
}
