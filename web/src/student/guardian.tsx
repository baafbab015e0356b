// One guardian of the child: what they may do and until when; a new way in for those without mail.
import '../registrants/registrants.css';
import { request } from '../app/api';
import { dayOf, formatDay } from '../app/days';
import type { Guardianship, Relation, ResetCode, Rights } from '../app/gives/registrants';
import { SureButton } from '../manage/sure';
import { useEdited } from '../manage/edited';
import { Overtaken } from '../manage/overtaken';
import { explainTo } from '../manage/explain';
import { Field, Select, TellLast, useAct, type Told } from '../manage/parts';
import { State } from '../manage/state';
import { RightsChoice } from '../registrants/rights';
import { words as registrants } from '../registrants/words';
import type { Names } from '../person/nouns';
import { fullName, Name } from '../ui/name';
import { GuardianNames } from './guardian-names';
import { words } from './words';

interface Props {
  student_id: number;
  child: string;
  of: Guardianship;
  onChanged: () => void;
  onReset: (code: ResetCode) => void;
}

type Draft = ReturnType<typeof draftOf>;

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
          {of.unreached && of.rights !== 'blocked' && <span class="sub"> {words().unreached}</span>}
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
    save: (draft: Draft, saved: () => void) =>
      run(async () => {
        const { valid_to, ...rest } = draft;
        const body = { version: of.version, ...rest, ...(valid_to ? { valid_to } : {}) };
        await request('PUT /api/students/{student_id}/guardians/{account_id}', { path, body });
        saved();
        return { tone: 'good', text: words().rightsSaved(fullName(of)) };
      }),
    rename: (names: Names, saved: () => void) =>
      run(async () => {
        const body = { version: of.names_version, ...names };
        await request('PUT /api/students/{student_id}/guardians/{account_id}/names', { path, body });
        saved();
        return { tone: 'good', text: words().namesSaved(fullName(names)) };
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

/** What is stored where something else was chosen. */
function storedBeside(of: Guardianship, draft: Draft): [string, string][] {
  const w = words();
  const stored = draftOf(of);
  const all: [keyof Draft, string, string][] = [
    ['relation', w.relation, registrants().relation[of.relation] ?? of.relation],
    ['rights', w.rights, registrants().rights[of.rights]],
    ['valid_from', w.from, formatDay(of.valid_from)],
    ['valid_to', w.to, of.valid_to ? formatDay(of.valid_to) : ''],
  ];
  return all.filter(([name]) => draft[name] !== stored[name]).map(([, label, text]) => [label, text]);
}

function RightsTools({ of, child, busy, onSave }: Pick<Props, 'of' | 'child'> & { busy: boolean; onSave: (draft: Draft, saved: () => void) => void }) {
  const { draft, change, changed, overtaken, takeStored, expectOwn } = useEdited(draftOf(of), of.version);
  const name = fullName(of);
  return (
    <>
      <div class="tools">
        <Select label={words().relation} value={draft.relation} options={Object.entries(registrants().relation)} onChange={(relation) => change({ relation: relation as Relation })} />
        <div class="filter">
          <span aria-hidden="true">{words().rights}</span>
          <RightsChoice rights={draft.rights} label={registrants().rightsOf(name, child)} onChange={(rights: Rights) => change({ rights })} />
        </div>
        <Field type="date" label={words().from} value={draft.valid_from} onInput={(valid_from) => change({ valid_from })} />
        <Field type="date" label={words().to} min={draft.valid_from} value={draft.valid_to} onInput={(valid_to) => change({ valid_to })} />
        <button
          type="button"
          class="button primary"
          disabled={busy || !changed || !draft.valid_from}
          onClick={() => onSave(draft, expectOwn)}
          aria-label={`${words().saveRights} ${name}`}
        >
          {words().saveRights}
        </button>
      </div>
      <p class="sub">
        {words().rightsHelp[draft.rights]} {draft.valid_to ? words().until(formatDay(draft.valid_to)) : ''}
      </p>
      {overtaken && <Overtaken stored={storedBeside(of, draft)} onTake={takeStored} />}
    </>
  );
}

export function GuardianCard(props: Props) {
  const { of, child } = props;
  const { busy, told, save, rename, reset, forgetMail, remove } = useGuardian(props);
  return (
    <section class="panel guardian-card" aria-label={fullName(of)} data-account={of.account_id}>
      <h3>
        <Name of={of} />
      </h3>
      <Facts of={of} />
      <RightsTools of={of} child={child} busy={busy} onSave={(draft, saved) => void save(draft, saved)} />
      <TellLast told={told} />
      {of.is_staff ? (
        <p class="sub">{words().isStaff}</p>
      ) : (
        <>
          <GuardianNames of={of} busy={busy} onSave={(names, saved) => void rename(names, saved)} />
          <div class="row">
            <SureButton button={words().reset} title={words().reset} lead={words().resetLead} keep={words().keep} disabled={busy} onSure={() => void reset()} calm />
            {of.email_masked && (
              <SureButton button={words().forgetMail} title={words().forgetMailTitle} lead={words().forgetMailLead} keep={words().keep} disabled={busy} onSure={() => void forgetMail()} />
            )}
            <SureButton button={words().remove} title={words().removeTitle} lead={words().removeLead} keep={words().keep} disabled={busy} onSure={() => void remove()} />
          </div>
        </>
      )}
    </section>
  );
}
