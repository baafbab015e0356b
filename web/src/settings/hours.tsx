// 受付時間: the hours without intake of a school, or the city's for all schools.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { IntakeRule } from '../app/gives/settings';
import { useResource } from '../app/resource';
import { TellLast } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { State } from '../manage/state';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { Act, bad, good, useSettingsAct } from './parts';
import { bodyOf, fieldsOf, missingIn, NEW_RULE, type RuleFields, RuleForm } from './rule-form';
import { ruleSentence } from './sentence';
import { words } from './words';

/** What is in the form: a new rule, one that is there, or one in the place of the city's. */
type Editing = { what: 'new' } | { what: 'edit' | 'instead'; id: number };

async function load(school_id?: number): Promise<IntakeRule[]> {
  if (school_id === undefined) return (await request('GET /api/city/intake')).rows;
  return (await request('GET /api/schools/{school_id}/intake', { path: { school_id } })).rows;
}

function useRules(school_id: number | undefined, reload: () => void) {
  const { busy, told, run } = useSettingsAct(reload);
  const once = useRetryKey();
  const place = school_id === undefined ? {} : { school_id };
  const make = (rule: RuleFields & { overrides?: number; active?: boolean }) => {
    const { overrides, active, ...fields } = rule;
    const body = { ...place, ...bodyOf(fields), ...(overrides ? { overrides } : {}), ...(active === undefined ? {} : { active }) };
    return once(body, (key) => request('POST /api/intake', { body, key }));
  };
  const again = (rule: IntakeRule) => make({ ...fieldsOf(rule), active: rule.active, ...(rule.overrides ? { overrides: rule.overrides } : {}) });
  const remove = (rule: IntakeRule, said: string) =>
    run(async () => {
      await request('DELETE /api/intake/{rule_id}', { path: { rule_id: rule.id } });
      const undo = () => run(async () => (await again(rule), good(words().restored)));
      return { ...good(said), action: { text: words().undo, run: undo } };
    });
  const without = (rule: IntakeRule) =>
    run(async () => (await make({ ...fieldsOf(rule), overrides: rule.id, active: false }), good(words().withoutDone(ruleSentence(rule)))));
  return { busy, told, run, make, remove, without };
}

interface RowProps {
  rule: IntakeRule;
  /** A row of the school's stands in its place. */
  replaced: boolean;
  school_id?: number;
  acts: ReturnType<typeof useRules>;
  edit: (editing: Editing) => void;
}

function RuleState({ rule, replaced, school_id }: Pick<RowProps, 'rule' | 'replaced' | 'school_id'>) {
  if (!rule.active) return <State shape="dash" tone="quiet">{words().off}</State>;
  if (replaced) return <State shape="dash" tone="quiet">{words().replaced}</State>;
  const own = school_id === undefined || rule.school_id;
  return <State shape={own ? 'done' : 'ring'} tone={own ? 'good' : 'info'}>{own && school_id !== undefined ? words().own : words().city}</State>;
}

function RuleRow({ rule, replaced, school_id, acts, edit }: RowProps) {
  const what = ruleSentence(rule);
  const isCitys = school_id !== undefined && !rule.school_id;
  return (
    <li class={rule.active && !replaced ? 'panel setting' : 'panel setting off'}>
      <p class="sentence">{what}</p>
      <p class="sub">{words().hours.shown(rule.message)}</p>
      <p>
        <RuleState rule={rule} replaced={replaced} school_id={school_id} />
        {Boolean(rule.overridden) && <span class="sub"> {words().schoolsOwn(rule.overridden ?? 0)}</span>}
      </p>
      {!(isCitys && replaced) && (
        <div class="row">
          {isCitys && <Act text={words().override} of={words().overrideOf(what)} busy={acts.busy} onClick={() => edit({ what: 'instead', id: rule.id })} />}
          {isCitys && <Act text={words().without} of={words().withoutOf(what)} busy={acts.busy} onClick={() => acts.without(rule)} />}
          {!isCitys && rule.active && <Act text={words().edit} of={words().editOf(what)} busy={acts.busy} onClick={() => edit({ what: 'edit', id: rule.id })} />}
          {!isCitys && rule.overrides && <Act text={words().back} of={words().backOf(what)} busy={acts.busy} onClick={() => acts.remove(rule, words().backDone)} />}
          {!isCitys && !rule.overrides && <Act text={words().remove} of={words().removeOf(what)} busy={acts.busy} onClick={() => acts.remove(rule, words().removed(what))} />}
        </div>
      )}
    </li>
  );
}

export function Hours({ school_id }: { school_id?: number }) {
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  const [editing, setEditing] = useState<Editing>({ what: 'new' });
  const [turn, setTurn] = useState(0);
  const acts = useRules(school_id, retry);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={6} />;
  const text = words().hours;
  const target = editing.what === 'new' ? undefined : data.find((rule) => rule.id === editing.id);
  const fresh = () => {
    setEditing({ what: 'new' });
    setTurn((n) => n + 1);
  };
  const save = (draft: RuleFields) =>
    acts.run(async () => {
      const missing = missingIn(draft);
      if (missing) return bad(missing);
      if (editing.what === 'edit' && target) {
        const body = { version: target.version, active: target.active, ...bodyOf(draft) };
        await request('PUT /api/intake/{rule_id}', { path: { rule_id: target.id }, body });
      } else await acts.make({ ...draft, ...(target ? { overrides: target.id } : {}) });
      fresh();
      return good(words().saved);
    });
  const replaced = (rule: IntakeRule) => data.some((other) => other.overrides === rule.id);
  return (
    <>
      <p>{text.lead}</p>
      <TellLast told={acts.told} />
      <div class="two-columns">
        <ul class="stack settings-list">
          {data.length === 0 && <li class="empty">{text.empty}</li>}
          {data.map((rule) => (
            <RuleRow key={rule.id} rule={rule} replaced={replaced(rule)} school_id={school_id} acts={acts} edit={setEditing} />
          ))}
        </ul>
        <RuleForm
          key={`${editing.what} ${target?.id ?? turn}`}
          stored={target ? fieldsOf(target) : NEW_RULE}
          version={editing.what === 'edit' ? (target?.version ?? 0) : 0}
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
