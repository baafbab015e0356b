// 理由: what guardians pick from, of a school or of the city.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { KeptReason, Mark } from '../app/gives/settings';
import { useResource } from '../app/resource';
import { TellLast } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { State } from '../manage/state';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Act, bad, good, useSettingsAct } from './parts';
import { bodyOf, fieldsOf, missingIn, NEW_REASON, type ReasonFields, ReasonForm } from './reason-form';
import { words } from './words';

type Editing = { what: 'new' } | { what: 'edit' | 'instead'; id: number };

async function load(school_id?: number): Promise<{ rows: KeptReason[]; marks: Mark[] }> {
  const [{ rows }, marks] = await Promise.all([
    school_id === undefined ? request('GET /api/city/reasons') : request('GET /api/schools/{school_id}/reasons', { path: { school_id } }),
    request('GET /api/marks'),
  ]);
  return { rows, marks: marks.rows };
}

function useReasons(school_id: number | undefined, reload: () => void) {
  const { busy, told, run } = useSettingsAct(reload);
  const once = useRetryKey();
  const place = school_id === undefined ? {} : { school_id };
  const make = (fields: ReasonFields, overrides?: number) => {
    const body = { ...place, ...bodyOf(fields), ...(overrides ? { overrides } : {}) };
    return once(body, (key) => request('POST /api/reasons', { body, key }));
  };
  const remove = (reason: KeptReason) =>
    run(async () => {
      await request('DELETE /api/reasons/{reason_id}', { path: { reason_id: reason.id } });
      const undo = () => run(async () => (await make(fieldsOf(reason), reason.overrides ?? undefined), good(words().restored)));
      return { ...good(reason.overrides ? words().backDone : words().removed(reason.label)), action: { text: words().undo, run: undo } };
    });
  const without = (reason: KeptReason) => run(async () => (await make({ ...fieldsOf(reason), active: false }, reason.id), good(words().withoutDone(reason.label))));
  const order = (ids: number[]) => run(async () => void (await request('POST /api/reasons/order', { body: { ...place, reason_ids: ids } })));
  return { busy, told, run, make, remove, without, order };
}

interface RowProps {
  reason: KeptReason;
  school_id?: number;
  replaced: boolean;
  acts: ReturnType<typeof useReasons>;
  /** The reasons among which it moves; undefined: it doesn't. */
  among?: number[];
  edit: (editing: Editing) => void;
}

function Asks({ reason }: { reason: KeptReason }) {
  const { chips } = words().reasons;
  const asks = [reason.needs_note && chips.note, reason.asks_symptoms && chips.symptoms, reason.asks_times && chips.times].filter(Boolean);
  const all = reason.kinds.length === Object.keys(words().kind).length;
  const parts = [all ? words().allKinds : reason.kinds.map((one) => words().kind[one]).join('・'), asks.length > 0 && `${words().reasons.asks}：${asks.join('・')}`];
  return <p class="sub">{parts.filter(Boolean).join('　')}</p>;
}

function ReasonState({ reason, replaced, school_id }: Pick<RowProps, 'reason' | 'replaced' | 'school_id'>) {
  if (!reason.active) return <State shape="dash" tone="quiet">{words().off}</State>;
  if (replaced) return <State shape="dash" tone="quiet">{words().replaced}</State>;
  const own = school_id !== undefined && Boolean(reason.school_id);
  return <State shape={own ? 'done' : 'ring'} tone={own ? 'good' : 'info'}>{own ? words().own : words().city}</State>;
}

function moved(among: number[], id: number, by: -1 | 1): number[] {
  const at = among.indexOf(id);
  const ids = among.filter((one) => one !== id);
  ids.splice(at + by, 0, id);
  return ids;
}

function Moves({ reason, among, acts }: { reason: KeptReason; among: number[]; acts: RowProps['acts'] }) {
  const at = among.indexOf(reason.id);
  const text = words().reasons;
  return (
    <>
      {at > 0 && <Act text={text.up} of={text.upOf(reason.label)} busy={acts.busy} onClick={() => acts.order(moved(among, reason.id, -1))} />}
      {at < among.length - 1 && <Act text={text.down} of={text.downOf(reason.label)} busy={acts.busy} onClick={() => acts.order(moved(among, reason.id, 1))} />}
    </>
  );
}

function ReasonRow({ reason, school_id, replaced, acts, among, edit }: RowProps) {
  const isCitys = school_id !== undefined && !reason.school_id;
  return (
    <li class={reason.active && !replaced ? 'panel setting' : 'panel setting off'}>
      <p class="sentence">{reason.label}</p>
      <Asks reason={reason} />
      <p>
        <ReasonState reason={reason} replaced={replaced} school_id={school_id} />
        {Boolean(reason.overridden) && <span class="sub"> {words().schoolsOwn(reason.overridden ?? 0)}</span>}
      </p>
      {!(isCitys && (replaced || !reason.active)) && (
        <div class="row">
          {isCitys && <Act text={words().override} of={words().overrideOf(reason.label)} busy={acts.busy} onClick={() => edit({ what: 'instead', id: reason.id })} />}
          {isCitys && <Act text={words().without} of={words().withoutOf(reason.label)} busy={acts.busy} onClick={() => acts.without(reason)} />}
          {!isCitys && <Act text={words().edit} of={words().editOf(reason.label)} busy={acts.busy} onClick={() => edit({ what: 'edit', id: reason.id })} />}
          {!isCitys && reason.overrides && <Act text={words().back} of={words().backOf(reason.label)} busy={acts.busy} onClick={() => acts.remove(reason)} />}
          {!isCitys && !reason.overrides && <Act text={words().remove} of={words().removeOf(reason.label)} busy={acts.busy} onClick={() => acts.remove(reason)} />}
          {among && <Moves reason={reason} among={among} acts={acts} />}
        </div>
      )}
    </li>
  );
}

/** As guardians get them: a school's own first, then the city's and what stands in their place. */
function sorted(rows: KeptReason[], school_id?: number): KeptReason[] {
  const late = (one: KeptReason) => school_id !== undefined && (!one.school_id || Boolean(one.overrides));
  return [...rows].sort((a, b) => Number(late(a)) - Number(late(b)) || a.sort - b.sort || a.id - b.id);
}

export function Reasons({ school_id }: { school_id?: number }) {
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  const [editing, setEditing] = useState<Editing>({ what: 'new' });
  const [turn, setTurn] = useState(0);
  const acts = useReasons(school_id, retry);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={8} />;
  const text = words().reasons;
  const rows = sorted(data.rows, school_id);
  const target = editing.what === 'new' ? undefined : rows.find((one) => one.id === editing.id);
  const own = rows.filter((one) => school_id === undefined || (one.school_id && !one.overrides)).map((one) => one.id);
  const fresh = () => {
    setEditing({ what: 'new' });
    setTurn((n) => n + 1);
  };
  const save = (draft: ReasonFields) =>
    acts.run(async () => {
      const missing = missingIn(draft);
      if (missing) return bad(missing);
      if (editing.what === 'edit' && target) {
        await request('PUT /api/reasons/{reason_id}', { path: { reason_id: target.id }, body: { version: target.version, ...bodyOf(draft) } });
      } else await acts.make(draft, target?.id);
      fresh();
      return good(words().saved);
    });
  return (
    <>
      <p>{text.lead}</p>
      <TellLast told={acts.told} />
      <div class="two-columns">
        <ul class="stack settings-list">
          {rows.length === 0 && <li class="empty">{text.empty}</li>}
          {rows.map((reason) => (
            <ReasonRow
              key={reason.id}
              reason={reason}
              school_id={school_id}
              replaced={rows.some((other) => other.overrides === reason.id)}
              acts={acts}
              among={own.includes(reason.id) ? own : undefined}
              edit={setEditing}
            />
          ))}
        </ul>
        <ReasonForm
          key={`${editing.what} ${target?.id ?? turn}`}
          stored={target ? fieldsOf(target) : NEW_REASON}
          version={editing.what === 'edit' ? (target?.version ?? 0) : 0}
          marks={data.marks}
          title={editing.what === 'edit' ? text.editTitle : editing.what === 'instead' ? words().override : text.add}
          submit={target ? words().save : words().add}
          busy={acts.busy}
          onSave={save}
          onClose={target && fresh}
        />
      </div>
    </>
  );
}
