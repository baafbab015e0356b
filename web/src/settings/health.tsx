// 感染症: the city's guide for closures; whether a school shows its guardians how many are ill.
import type { ComponentChildren } from 'preact';
import { request } from '../app/api';
import type { ClosureGuide as StoredGuide, HealthShown as StoredShown } from '../app/gives/health';
import { type Resource, useResource } from '../app/resource';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field, TellLast } from '../manage/parts';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { bad, good, SettingsForm, Tick, useSettingsAct } from './parts';
import { words } from './words';

const between = (text: string, least: number, most: number) => /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= most;

function GuideForm({ stored, reload }: { stored: StoredGuide; reload: () => void }) {
  const shown = { percent: String(stored.closure_percent), fewest: String(stored.closure_fewest) };
  const { draft, change, overtaken, takeStored, expectOwn } = useEdited(shown, stored.version);
  const { busy, told, run } = useSettingsAct(reload);
  const text = words().health;
  const save = () =>
    run(async () => {
      if (!between(draft.percent, 5, 100) || !between(draft.fewest, 2, 40)) return bad(text.wrong);
      const body = { version: stored.version, closure_percent: Number(draft.percent), closure_fewest: Number(draft.fewest) };
      await request('PUT /api/city/closure-guide', { body });
      expectOwn();
      return good(words().saved);
    });
  return (
    <>
      <TellLast told={told} />
      <SettingsForm title={text.guide} busy={busy} submit={words().save} onSubmit={save}>
        {overtaken && <Overtaken stored={[[text.percent, shown.percent], [text.fewest, shown.fewest]]} onTake={takeStored} />}
        <Field label={text.percent} hint={text.percentHint} inputMode="numeric" maxLength={3} value={draft.percent} onInput={(percent) => change({ percent })} />
        <Field label={text.fewest} hint={text.fewestHint} inputMode="numeric" maxLength={2} value={draft.fewest} onInput={(fewest) => change({ fewest })} />
      </SettingsForm>
    </>
  );
}

function ShownForm({ school_id, stored, reload }: { school_id: number; stored: StoredShown; reload: () => void }) {
  const { draft, change, overtaken, takeStored, expectOwn } = useEdited({ shows_health: stored.shows_health }, stored.version);
  const { busy, told, run } = useSettingsAct(reload);
  const text = words().health;
  const save = () =>
    run(async () => {
      await request('PUT /api/schools/{school_id}/health-shown', { path: { school_id }, body: { version: stored.version, ...draft } });
      expectOwn();
      return good(words().saved);
    });
  return (
    <>
      <TellLast told={told} />
      <SettingsForm title={text.shown} busy={busy} submit={words().save} onSubmit={save}>
        {overtaken && <Overtaken stored={[[text.show, stored.shows_health ? '✓' : '−']]} onTake={takeStored} />}
        <Tick checked={draft.shows_health} onChange={(shows_health) => change({ shows_health })}>
          {text.show}
        </Tick>
      </SettingsForm>
    </>
  );
}

function Loaded<T>({ of, lead, children }: { of: Resource<T>; lead: string; children: (data: T) => ComponentChildren }) {
  if (!of.data && of.error) return <FailurePage error={of.error} retry={of.retry} />;
  if (!of.data) return <Loading lines={4} />;
  return (
    <>
      <p>{lead}</p>
      <div class="settings-narrow">{children(of.data)}</div>
    </>
  );
}

export function ClosureGuide() {
  const guide = useResource(() => request('GET /api/city/closure-guide'), []);
  return (
    <Loaded of={guide} lead={words().health.guideLead}>
      {(stored) => <GuideForm stored={stored} reload={guide.retry} />}
    </Loaded>
  );
}

export function HealthShown({ school_id }: { school_id: number }) {
  const shown = useResource(() => request('GET /api/schools/{school_id}/health-shown', { path: { school_id } }), [school_id]);
  return (
    <Loaded of={shown} lead={words().health.shownLead}>
      {(stored) => <ShownForm school_id={school_id} stored={stored} reload={shown.retry} />}
    </Loaded>
  );
}
