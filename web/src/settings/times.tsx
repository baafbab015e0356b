// 締め切り: until when guardians correct by themselves, and when the office hears of reports that nobody has seen.
import { request } from '../app/api';
import { formatTime } from '../app/days';
import type { Times as StoredTimes } from '../app/gives/settings';
import { useResource } from '../app/resource';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { Field, TellLast } from '../manage/parts';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { bad, good, SettingsForm, useSettingsAct } from './parts';
import { words } from './words';

function TimesForm({ school_id, stored, reload }: { school_id: number; stored: StoredTimes; reload: () => void }) {
  const { version } = stored;
  const shown = { correct_until: stored.correct_until.slice(0, 5), escalate_at: stored.escalate_at.slice(0, 5), escalate_again_at: stored.escalate_again_at?.slice(0, 5) ?? '' };
  const { draft, change, overtaken, takeStored, expectOwn } = useEdited(shown, version);
  const { busy, told, run } = useSettingsAct(reload);
  const text = words().times;
  const save = () =>
    run(async () => {
      if (!draft.correct_until || !draft.escalate_at) return bad(text.missing);
      const { escalate_again_at, ...times } = draft;
      if (escalate_again_at && escalate_again_at <= times.escalate_at) return bad(text.againLater);
      await request('PUT /api/schools/{school_id}/times', { path: { school_id }, body: { version, ...times, ...(escalate_again_at && { escalate_again_at }) } });
      expectOwn();
      return good(words().saved);
    });
  const theirs: [string, string][] = [[text.correct, formatTime(shown.correct_until)], [text.escalate, formatTime(shown.escalate_at)], [text.again, shown.escalate_again_at && formatTime(shown.escalate_again_at)]];
  return (
    <>
      <TellLast told={told} />
      <SettingsForm title={words().section.times} busy={busy} submit={words().save} onSubmit={save}>
        {overtaken && <Overtaken stored={theirs} onTake={takeStored} />}
        <Field type="time" label={text.correct} hint={text.correctHint} value={draft.correct_until} onInput={(correct_until) => change({ correct_until })} />
        <Field type="time" label={text.escalate} hint={text.escalateHint} value={draft.escalate_at} onInput={(escalate_at) => change({ escalate_at })} />
        <Field type="time" label={text.again} hint={text.againHint} value={draft.escalate_again_at} onInput={(escalate_again_at) => change({ escalate_again_at })} />
      </SettingsForm>
    </>
  );
}

export function Times({ school_id }: { school_id: number }) {
  const { data, error, retry } = useResource(() => request('GET /api/schools/{school_id}/times', { path: { school_id } }), [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={4} />;
  return (
    <>
      <p>{words().times.lead}</p>
      <div class="settings-narrow">
        <TimesForm school_id={school_id} stored={data} reload={retry} />
      </div>
    </>
  );
}
