// A new colleague: names, role, class, address. The code that comes back can be printed for those without mail.
import { useState } from 'preact/hooks';
import { request } from '../app/api';
import type { StaffRole } from '../app/gives/staff';
import type { SchoolClass } from '../app/nouns';
import { Field, Select } from '../manage/parts';
import { useRetryKey } from '../manage/retry-key';
import { className } from '../staff/roster';
import { words } from './words';

export const SCHOOL_ROLES = ['administrator', 'office', 'nurse', 'homeroom', 'teacher'];
export const CITY_ROLES = ['board', 'operator'];
const WITH_CLASS = ['homeroom', 'teacher'];

export interface Invited {
  code: string;
  expires_at: string;
  family_name: string;
  given_name: string;
  role: string;
}

const EMPTY = { family_name: '', given_name: '', family_kana: '', given_kana: '', email: '', role: '', class_id: '' };
type Draft = typeof EMPTY;

export function RoleFields({ role, class_id, classes, school_id, onChange }: {
  role: string;
  class_id: string;
  classes: SchoolClass[];
  school_id?: number;
  onChange: (part: { role?: string; class_id?: string }) => void;
}) {
  const roles = school_id === undefined ? CITY_ROLES : SCHOOL_ROLES;
  return (
    <>
      <Select
        label={words().roleField}
        value={role}
        options={[['', words().choose], ...roles.map((one): [string, string] => [one, words().role[one] ?? one])]}
        onChange={(one) => onChange({ role: one, class_id: '' })}
      />
      {WITH_CLASS.includes(role) && (
        <Select
          label={words().class}
          value={class_id}
          options={[['', role === 'homeroom' ? words().choose : words().noClass], ...classes.map((one): [string, string] => [String(one.id), className(one)])]}
          onChange={(id) => onChange({ class_id: id })}
        />
      )}
    </>
  );
}

/** What is still missing, in words; empty when it can go out. */
export function missingIn(draft: Pick<Draft, 'role' | 'class_id'> & Partial<Draft>): string {
  const texts = [draft.family_name, draft.given_name, draft.family_kana, draft.given_kana].filter((one) => one !== undefined);
  if (!draft.role || texts.some((one) => !one.trim())) return words().missing;
  return draft.role === 'homeroom' && !draft.class_id ? words().missingClass : '';
}

interface Props {
  school_id?: number;
  classes: SchoolClass[];
  busy: boolean;
  act: (work: () => Promise<Invited | string>) => void;
}

export function InviteForm({ school_id, classes, busy, act }: Props) {
  const [draft, setDraft] = useState(EMPTY);
  const once = useRetryKey();
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const send = () =>
    act(async () => {
      const missing = missingIn(draft);
      if (missing) return missing;
      const { email, class_id, role, ...names } = draft;
      const body = {
        ...names,
        role: role as StaffRole,
        ...(school_id ? { school_id } : {}),
        ...(class_id ? { class_id: Number(class_id) } : {}),
        ...(email.trim() ? { email: email.trim() } : {}),
      };
      const made = await once(body, (key) => request('POST /api/staff-invitations', { body, key }));
      setDraft(EMPTY);
      return { ...made, family_name: names.family_name, given_name: names.given_name, role };
    });
  return (
    <form
      class="panel"
      aria-labelledby="invite-title"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h2 id="invite-title">{words().inviteTitle}</h2>
      <p class="sub">{words().inviteLead}</p>
      <div class="form-grid">
        <Field label={words().family} maxLength={40} value={draft.family_name} onInput={(family_name) => change({ family_name })} />
        <Field label={words().given} maxLength={40} value={draft.given_name} onInput={(given_name) => change({ given_name })} />
        <Field label={words().familyKana} maxLength={40} value={draft.family_kana} onInput={(family_kana) => change({ family_kana })} />
        <Field label={words().givenKana} maxLength={40} value={draft.given_kana} onInput={(given_kana) => change({ given_kana })} />
        <RoleFields role={draft.role} class_id={draft.class_id} classes={classes} school_id={school_id} onChange={change} />
      </div>
      {draft.role && <p class="sub">{words().roleCan[draft.role]}</p>}
      <Field type="email" label={words().mail} hint={words().mailHint} maxLength={254} value={draft.email} onInput={(email) => change({ email })} />
      <div class="row">
        <button class="button primary" disabled={busy}>
          {words().invite}
        </button>
      </div>
    </form>
  );
}
