// One guardian of the child: what they may do and until when; a new way in for those without mail.
import '../registrants/registrants.css';
import { useEffect, useState } from 'preact/hooks';
import { request } from '../app/api';
import { dayOf, formatDay } from '../app/days';
import type { Guardianship, Relation, ResetCode, Rights } from '../app/gives/registrants';
import { SureButton } from '../manage/sure';
import { explainTo } from '../manage/explain';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { State } from '../manage/state';
import { RightsChoice } from '../registrants/rights';
import { words as registrants } from '../registrants/words';
import { fullName, Name } from '../ui/name';
import { words } from './words';

interface Props {
  student_id: number;
  child: string;
  of: Guardianship;
  onChanged: () => void;
  onReset: (code: ResetCode) => void;
}

function draftOf({ relation, rights, valid_from, valid_to }: Guardianship) {
  return { relation, rights, valid_from, valid_to: valid_to ?? '' };
}

function Facts({ of }: { of: Guardianship }) {
  return (
    <dl class="guardian-facts">
      <div>
        <dt>{words().loginId}</dt>
        <dd>{of.login_id}</dd>
      </div>
      <div>
        <dt>{words().mail}</dt>
        <dd>
          {of.email_masked ?? words().noMail}{' '}
          {of.mail === 'problem' && (
            <State shape="alert" tone="bad">
              {words().mailProblem}
            </State>
          )}
        </dd>
      </div>
      <div>
        <dt>{words().lastUse}</dt>
        <dd class="digits">
          {of.last_signed_in_at ? formatDay(dayOf(of.last_signed_in_at)) : words().never} {of.devices > 0 && <span class="sub">{words().devices(of.devices)}</span>}
        </dd>
      </div>
      <div>
        <dt class="for-readers">{words().guardians}</dt>
        <dd class="sub digits">
          {words().via[of.via] ?? ''} {formatDay(dayOf(of.made_at))}
        </dd>
      </div>
    </dl>
  );
}

function useGuardian({ student_id, of, onChanged, onReset }: Props) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  const path = { student_id, account_id: of.account_id };
  const run = (work: () => Promise<Told>) =>
    act(async () => {
      try {
        return await work();
      } finally {
        onChanged();
      }
    });
  return {
    busy,
    told,
    save: (draft: ReturnType<typeof draftOf>) =>
      run(async () => {
        const { valid_to, ...rest } = draft;
        const body = { version: of.version, ...rest, ...(valid_to ? { valid_to } : {}) };
        await request('PUT /api/students/{student_id}/guardians/{account_id}', { path, body });
        return { tone: 'good', text: words().rightsSaved(fullName(of)) };
      }),
    reset: () =>
      act(async (): Promise<Told> => {
        onReset(await request('POST /api/students/{student_id}/guardians/{account_id}/reset', { path }));
        return { tone: 'good', text: words().resetMade };
      }),
    forgetMail: () =>
      run(async () => {
        await request('POST /api/students/{student_id}/guardians/{account_id}/forget-email', { path });
        return { tone: 'good', text: words().forgetMailDone };
      }),
    remove: () =>
      run(async () => {
        await request('DELETE /api/students/{student_id}/guardians/{account_id}', { path, query: { version: of.version } });
        return { tone: 'good', text: words().removeDone };
      }),
  };
}

export function GuardianCard(props: Props) {
  const { of, child } = props;
  const [draft, setDraft] = useState(() => draftOf(of));
  const { busy, told, save, reset, forgetMail, remove } = useGuardian(props);
  useEffect(() => setDraft(draftOf(of)), [of.version]);
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(of));
  const name = fullName(of);
  return (
    <section class="panel guardian-card" aria-label={name} data-account={of.account_id}>
      <h3>
        <Name of={of} />
      </h3>
      <Facts of={of} />
      <div class="tools">
        <Select label={words().relation} value={draft.relation} options={Object.entries(registrants().relation)} onChange={(relation) => change({ relation: relation as Relation })} />
        <div class="filter">
          <span aria-hidden="true">{words().rights}</span>
          <RightsChoice rights={draft.rights} label={registrants().rightsOf(name, child)} onChange={(rights: Rights) => change({ rights })} />
        </div>
        <Field type="date" label={words().from} value={draft.valid_from} onInput={(valid_from) => change({ valid_from })} />
        <Field type="date" label={words().to} min={draft.valid_from} value={draft.valid_to} onInput={(valid_to) => change({ valid_to })} />
        <button type="button" class="button primary" disabled={busy || !changed || !draft.valid_from} onClick={() => void save(draft)} aria-label={`${words().saveRights} ${name}`}>
          {words().saveRights}
        </button>
      </div>
      <p class="sub">
        {words().rightsHelp[draft.rights]} {draft.valid_to ? words().until(formatDay(draft.valid_to)) : ''}
      </p>
      <TellLast told={told} />
      {of.is_staff ? (
        <p class="sub">{words().isStaff}</p>
      ) : (
        <div class="row">
          <SureButton button={words().reset} title={words().reset} lead={words().resetLead} keep={words().keep} disabled={busy} onSure={() => void reset()} calm />
          {of.email_masked && (
            <SureButton button={words().forgetMail} title={words().forgetMailTitle} lead={words().forgetMailLead} keep={words().keep} disabled={busy} onSure={() => void forgetMail()} />
          )}
          <SureButton button={words().remove} title={words().removeTitle} lead={words().removeLead} keep={words().keep} disabled={busy} onSure={() => void remove()} />
        </div>
      )}
    </section>
  );
}
