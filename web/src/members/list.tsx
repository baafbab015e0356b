// Everybody with their roles; a role is ended in place and given back as easily.
import { useState } from 'preact/hooks';
import { dayOf, formatDay, formatShortDay } from '../app/days';
import type { Member, StaffInvitation, StaffRole } from '../app/gives/staff';
import type { SchoolClass } from '../app/nouns';
import { SureButton } from '../manage/sure';
import { State } from '../manage/state';
import { words as shared } from '../manage/words';
import { className } from '../staff/roster';
import { fullName, Name } from '../ui/name';
import { RoleFields } from './invite';
import { words } from './words';

export interface Person {
  account_id: number;
  roles: Member[];
}

export function roleText(of: Pick<Member, 'role' | 'grade' | 'class_name'>): string {
  const role = words().role[of.role] ?? of.role;
  return of.class_name ? `${role} ${className({ grade: of.grade ?? 0, name: of.class_name })}` : role;
}

/** One line for each person, however many roles. */
export function peopleOf(members: Member[]): Person[] {
  const people = new Map<number, Person>();
  for (const one of members) {
    const known = people.get(one.account_id) ?? { account_id: one.account_id, roles: [] };
    known.roles.push(one);
    people.set(one.account_id, known);
  }
  return [...people.values()];
}

export interface RoleActs {
  busy: boolean;
  end: (role: Member, last: boolean) => void;
  resetFactors: (person: Member) => void;
  add: (person: Member, role: StaffRole, class_id: string) => void;
}

/** The last role can't be given back here (it takes an invitation), one's own locks oneself out: those ask first. */
function Role({ of, last, acts }: { of: Member; last: boolean; acts: RoleActs }) {
  const name = fullName(of);
  return (
    <li class="member-role" data-role={of.role_id}>
      <b>{roleText(of)}</b>
      <span class="sub digits">
        {words().since(formatDay(of.valid_from))} {of.valid_to && words().until(formatDay(of.valid_to))}
      </span>
      {of.is_self || last ? (
        <SureButton
          button={words().end}
          title={words().endTitle}
          lead={of.is_self ? words().endSelf : words().endLast(name, roleText(of))}
          keep={shared().cancel}
          disabled={acts.busy}
          onSure={() => acts.end(of, last)}
        />
      ) : (
        <button type="button" class="button small" disabled={acts.busy} aria-label={words().endOf(name, roleText(of))} onClick={() => acts.end(of, last)}>
          {words().end}
        </button>
      )}
    </li>
  );
}

function AddRole({ person, classes, school_id, acts }: { person: Member; classes: SchoolClass[]; school_id?: number; acts: RoleActs }) {
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState({ role: '', class_id: '' });
  if (!open) {
    return (
      <button type="button" class="button small quiet" onClick={() => setOpen(true)} aria-label={words().addOf(fullName(person))}>
        {words().add}
      </button>
    );
  }
  const ready = draft.role && (draft.role !== 'homeroom' || draft.class_id);
  return (
    <div class="tools">
      <RoleFields {...draft} classes={classes} school_id={school_id} onChange={(part) => setDraft({ ...draft, ...part })} />
      <button
        type="button"
        class="button primary small"
        disabled={acts.busy || !ready}
        onClick={() => {
          acts.add(person, draft.role as StaffRole, draft.class_id);
          setOpen(false);
          setDraft({ role: '', class_id: '' });
        }}
      >
        {words().add}
      </button>
      <button type="button" class="button small" onClick={() => setOpen(false)}>
        {shared().cancel}
      </button>
    </div>
  );
}

/** For somebody who lost the telephone: the next sign-in begins with a new second factor. */
function ResetFactors({ of, acts }: { of: Member; acts: RoleActs }) {
  const name = fullName(of);
  return (
    <SureButton
      button={words().reset}
      label={words().resetOf(name)}
      title={words().resetTitle(name)}
      lead={words().resetLead}
      keep={shared().cancel}
      disabled={acts.busy}
      onSure={() => acts.resetFactors(of)}
    />
  );
}

interface ListProps {
  people: Person[];
  classes: SchoolClass[];
  school_id?: number;
  acts: RoleActs;
}

export function MemberList({ people, classes, school_id, acts }: ListProps) {
  if (people.length === 0) return <p class="empty panel">{words().empty}</p>;
  return (
    <table class="list-table members">
      <thead>
        <tr>
          <th scope="col">{words().name}</th>
          <th scope="col">{words().roles}</th>
          <th scope="col">{words().lastUse}</th>
          <th scope="col">{words().factor}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ account_id, roles }) => {
          const [person] = roles;
          if (!person) return null;
          return (
            <tr key={account_id} data-account={account_id}>
              <th scope="row" class="member-name">
                <Name of={person} /> {person.is_self && <span class="sub">{words().you}</span>}
              </th>
              <td>
                <ul>
                  {roles.map((one) => (
                    <Role key={one.role_id} of={one} last={roles.length === 1} acts={acts} />
                  ))}
                </ul>
                <AddRole person={person} classes={classes} school_id={school_id} acts={acts} />
              </td>
              <td class="digits" data-label={words().lastUse}>
                {person.last_signed_in_at ? formatShortDay(dayOf(person.last_signed_in_at)) : <span class="sub">{words().never}</span>}
              </td>
              <td data-label={words().factor}>
                {person.second_factor ? (
                  <State shape="done" tone="good">
                    {words().factorYes}
                  </State>
                ) : (
                  <State shape="ring" tone="warn">
                    {words().factorNo}
                  </State>
                )}
                {person.second_factor && !person.is_self && <ResetFactors of={person} acts={acts} />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function OpenInvitations({ invitations, busy, onRevoke }: { invitations: StaffInvitation[]; busy: boolean; onRevoke: (one: StaffInvitation) => void }) {
  return (
    <section class="panel" aria-labelledby="open-title">
      <h2 id="open-title">{words().open}</h2>
      {invitations.length === 0 && <p class="empty">{words().openEmpty}</p>}
      <ul>
        {invitations.map((one) => (
          <li key={one.id} class="member-role" data-invitation={one.id}>
            <b>{fullName(one)}</b>
            <span>{roleText(one)}</span>
            <span class="sub digits">
              {one.email_masked ?? words().paper} {words().expires(formatDay(dayOf(one.expires_at)))}
            </span>
            <button type="button" class="button small" disabled={busy} aria-label={words().revokeOf(fullName(one))} onClick={() => onRevoke(one)}>
              {words().revoke}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
