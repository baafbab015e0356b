import '../staff/staff.css';
import '../office/office.css';
import '../manage/manage.css';
import './absence-list.css';
import { useEffect, useState } from 'preact/hooks';
import { download, newKey, request } from '../app/api';
import { useTopic } from '../app/connection';
import { formatDay, timeOf } from '../app/days';
import { explain } from '../app/explain';
import type { ListedAbsence } from '../app/gives/absence-list';
import type { Illness } from '../app/gives/illness';
import type { Reason, SchoolClass, Standing } from '../app/nouns';
import { useResource } from '../app/resource';
import { place } from '../app/router';
import { today } from '../app/store';
import { TellLast, useAct } from '../manage/parts';
import { EntryDialog } from '../office/entry';
import { LastFailure } from '../staff/failure';
import { className, loadClasses, loadRoster, schoolName } from '../staff/roster';
import { announce } from '../ui/announcer';
import { FailurePage } from '../ui/failure';
import { Icon } from '../ui/icon';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { PageTop, usePageTitle } from '../ui/page';
import { type Asked, askedFrom, bodyOf, isPeriod } from './ask';
import { described } from './described';
import { AbsenceTable } from './table';
import { Tools } from './tools';
import { useList } from './use-list';
import { words } from './words';

const FILE_MS = 240_000;

interface Whose {
  school_id: number;
  classes: SchoolClass[];
  reasons: Reason[];
  /** One class's page. */
  of?: SchoolClass;
}

function Files({ school_id, asked, q }: { school_id: number; asked: Asked; q: string }) {
  const { busy, told, act } = useAct(explain);
  const take = (format: string) =>
    act(() =>
      download('POST /api/schools/{school_id}/absences/file', { path: { school_id }, query: { format }, body: bodyOf(asked, q), deadline: FILE_MS }),
    );
  return (
    <>
      <div class="row no-print" role="group" aria-label={words().files}>
        {Object.entries(words().formats).map(([format, text]) => (
          <button key={format} type="button" class="button small" disabled={busy} onClick={() => void take(format)} aria-label={words().fileOf(text)}>
            {text}
          </button>
        ))}
        <button type="button" class="button small" onClick={() => print()}>
          <Icon name="print" />
          {words().print}
        </button>
      </div>
      <TellLast told={told} />
    </>
  );
}

/** What is on paper says what it contains. */
function PrintHead({ whose, asked, q, total }: { whose: Whose; asked: Asked; q: string; total: number }) {
  return (
    <p class="print-only">
      {schoolName(whose.school_id)}　{described(asked, q, whose.classes, whose.reasons)}
      <br />
      {words().about(`${formatDay(today.value)} ${timeOf(Date.now())}`, total)}
    </p>
  );
}

/** Cancels, and renews the list. */
async function cancel(row: ListedAbsence): Promise<void> {
  await request('POST /api/absences/{id}/cancel', { path: { id: row.id }, body: { version: row.version }, key: newKey() });
  announce(words().cancelled);
}

interface ResultProps {
  list: ReturnType<typeof useList>;
  whose: Whose;
  onEdit: (row: ListedAbsence) => void;
}

function Result({ list, whose, onEdit }: ResultProps) {
  const { told, act } = useAct(explain);
  const { rows, total } = list;
  const mayAct = (class_id: number) => whose.classes.some((one) => one.id === class_id && one.may_act);
  if (list.error !== undefined && !rows) return <FailurePage error={list.error} retry={list.reload} />;
  if (!rows) return <Loading lines={8} />;
  if (rows.length === 0) return <p class="empty panel">{words().empty}</p>;
  return (
    <>
      <TellLast told={told} />
      <AbsenceTable rows={rows} mayAct={mayAct} onEdit={onEdit} onCancel={(row) => void act(() => cancel(row).then(list.reload))} />
      {total > rows.length && (
        <button type="button" class="button list-more" onClick={() => void act(list.more)}>
          {words().more(total - rows.length)}
        </button>
      )}
    </>
  );
}

function AbsenceList(whose: Whose) {
  const { school_id, classes, of } = whose;
  const [typed, setTyped] = useState('');
  const [editing, setEditing] = useState<ListedAbsence>();
  const query = askedFrom(place.value.query, today.value);
  const asked = of ? { ...query, grade: undefined, class_id: of.id } : query;
  const list = useList(school_id, of ? `absences/class/${of.id}` : `absences/school/${school_id}`, asked, typed);
  const heading = usePageTitle(of ? words().ofClass(className(of)) : words().title);
  const standing = useTopic<Standing>(of ? `standing/class/${of.id}` : `standing/school/${school_id}`).rows.value;
  const illnesses = useTopic<Illness>(of ? `illnesses/class/${of.id}` : `illnesses/school/${school_id}`).rows.value;
  const back = of ? `/class/${of.id}` : `/school/${school_id}`;
  const edit = (row: ListedAbsence) => void loadRoster(row.class_id).then(() => setEditing(row), () => setEditing(row));
  if (list.gone) return <FailurePage reason="forbidden" />;
  return (
    <div class="page list-page">
      <div class="staff-head">
        <PageTop back={back} heading={heading} />
        <a class="button push no-print" href={`/school/${school_id}/day-sheets${of ? `?class=${of.id}` : ''}`}>
          <Icon name="print" />
          {words().daySheets}
        </a>
      </div>
      <Tools asked={asked} typed={typed} onType={setTyped} classes={classes} reasons={whose.reasons} settled={of !== undefined} />
      {!isPeriod(asked) && <Notice tone="bad">{words().badPeriod}</Notice>}
      <LastFailure />
      <div class="list-head">
        <span class="digits" role="status">
          {list.rows && (list.rows.length < list.total ? words().shownOf(list.rows.length, list.total) : words().count(list.total))}
        </span>
        {list.fresh > 0 && (
          <button type="button" class="button primary" onClick={list.reload}>
            <Icon name="up" />
            {words().fresh(list.fresh)}
          </button>
        )}
        <span class="sub list-keys no-print">{words().keys}</span>
        <Files school_id={school_id} asked={asked} q={typed} />
      </div>
      <PrintHead whose={whose} asked={asked} q={typed} total={list.total} />
      <Result list={list} whose={whose} onEdit={edit} />
      {editing && (
        <EntryDialog
          school_id={school_id}
          classes={classes}
          reasons={whose.reasons}
          standing={standing}
          illnesses={illnesses}
          edit={editing}
          onClose={() => {
            const id = editing.id;
            setEditing(undefined);
            list.reload();
            requestAnimationFrame(() => document.querySelector<HTMLElement>(`tr[data-absence="${id}"]`)?.focus());
          }}
        />
      )}
    </div>
  );
}

async function loadWhose(id: { school_id?: number; class_id?: number }): Promise<Whose | undefined> {
  const classes = await loadClasses();
  const of = id.class_id ? classes.find((one) => one.id === id.class_id) : undefined;
  const school_id = of?.school_id ?? id.school_id;
  if (!school_id) return undefined;
  const { rows } = await request('GET /api/reasons', { query: { school_id } });
  return { school_id, of, reasons: rows, classes: classes.filter((one) => one.school_id === school_id) };
}

function Loaded({ id }: { id: { school_id?: number; class_id?: number } }) {
  const { data, error, retry } = useResource(async () => ({ whose: await loadWhose(id) }), [id.school_id, id.class_id]);
  useEffect(() => {
    document.title = words().title;
  }, []);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return data.whose ? <AbsenceList {...data.whose} /> : <FailurePage reason="notFound" />;
}

export function SchoolAbsencesScreen({ params }: { params: Record<string, string> }) {
  return <Loaded id={{ school_id: Number(params.id) }} />;
}

export function ClassAbsencesScreen({ params }: { params: Record<string, string> }) {
  return <Loaded id={{ class_id: Number(params.id) }} />;
}
