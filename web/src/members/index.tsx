import './members.css';
import { useState } from 'preact/hooks';
import { isProblem, request } from '../app/api';
import type { Member, StaffInvitation, StaffRole } from '../app/gives/staff';
import { useResource } from '../app/resource';
import { nameOf, useAreas } from '../manage/area';
import { explainTo } from '../manage/explain';
import { Manage } from '../manage/frame';
import { TellLast, useAct, type Told } from '../manage/parts';
import { words as shared } from '../manage/words';
import { loadClasses } from '../staff/roster';
import { FailurePage } from '../ui/failure';
import { Loading } from '../ui/loading';
import { fullName } from '../ui/name';
import { type Invited, InviteForm } from './invite';
import { MemberList, OpenInvitations, peopleOf, roleText } from './list';
import { InvitationSlip } from './slip';
import { words } from './words';

/** The invitations come after the list: the two readings are one row of the audit then. */
async function load(school_id?: number) {
  if (school_id === undefined) {
    const members = await request('GET /api/city/staff');
    const invitations = await request('GET /api/city/staff-invitations');
    return { members: members.rows, invitations: invitations.rows, classes: [] };
  }
  const path = { school_id };
  const [members, classes] = await Promise.all([request('GET /api/schools/{school_id}/staff', { path }), loadClasses(school_id)]);
  const invitations = await request('GET /api/schools/{school_id}/staff-invitations', { path });
  return { members: members.rows, invitations: invitations.rows, classes: classes.filter((one) => one.school_id === school_id) };
}

function roleBody(of: Pick<Member, 'account_id' | 'role'>, school_id: number | undefined, class_id: number | null) {
  return { account_id: of.account_id, role: of.role, ...(school_id ? { school_id } : {}), ...(class_id ? { class_id } : {}) };
}

function useMembers(school_id: number | undefined, reload: () => Promise<void>) {
  const { busy, told, act } = useAct((error) => explainTo(words().problem, error));
  // The buttons wait for the list too: whose last role is left is asked about by what it says.
  const run = (work: () => Promise<Told>) =>
    act(async () => {
      const done = await work();
      await reload();
      return done;
    });
  const give = async (of: Pick<Member, 'account_id' | 'role'>, class_id: number | null) => {
    await request('POST /api/staff-roles', { body: roleBody(of, school_id, class_id) });
  };
  const end = (of: Member, last: boolean) =>
    run(async () => {
      await request('DELETE /api/staff-roles/{role_id}', { path: { role_id: of.role_id } });
      const restore = () =>
        void run(async () => {
          await give(of, of.class_id);
          return { tone: 'good', text: words().restored(fullName(of), roleText(of)) };
        });
      const text = words().ended(fullName(of), roleText(of));
      return last ? { tone: 'good', text } : { tone: 'good', text, action: { text: words().restore, run: restore } };
    });
  const add = (person: Member, role: StaffRole, class_id: string) =>
    run(async () => {
      await give({ ...person, role }, Number(class_id) || null);
      return { tone: 'good', text: words().added(fullName(person), words().role[role] ?? role) };
    });
  const resetFactors = (of: Member) =>
    run(async () => {
      try {
        await request('POST /api/accounts/{account_id}/factors/reset', { path: { account_id: of.account_id } });
      } catch (error) {
        if (!isProblem(error, 'not_found')) throw error;
        return { tone: 'bad', text: words().resetElsewhere(fullName(of)) };
      }
      return { tone: 'good', text: words().resetDone(fullName(of)) };
    });
  const revoke = (of: StaffInvitation) =>
    run(async () => {
      await request('DELETE /api/staff-invitations/{invitation_id}', { path: { invitation_id: of.id } });
      return { tone: 'good', text: words().revoked(fullName(of)) };
    });
  return { busy, told, run, act, end: (...of: Parameters<typeof end>) => void end(...of), add: (...of: Parameters<typeof add>) => void add(...of), revoke, resetFactors: (of: Member) => void resetFactors(of) };
}

type Loaded = Awaited<ReturnType<typeof load>>;

function Members({ school_id, members, invitations, classes, reload }: Loaded & { school_id?: number; reload: () => Promise<void> }) {
  const acts = useMembers(school_id, reload);
  const [invited, setInvited] = useState<Invited>();
  const areas = useAreas();
  const people = peopleOf(members);
  const place = school_id === undefined ? shared().city : nameOf(areas, school_id);
  const invite = (work: () => Promise<Invited | string>) =>
    void acts.act(async (): Promise<Told> => {
      const made = await work();
      if (typeof made === 'string') return { tone: 'bad', text: made };
      setInvited(made);
      await reload();
      return { tone: 'good', text: words().invited(fullName(made)) };
    });
  return (
    <Manage school_id={school_id} tab="staff" beside={<span class="digits no-print">{words().count(people.length)}</span>}>
      <TellLast told={acts.told} />
      {invited && <InvitationSlip of={invited} place={place} onClose={() => setInvited(undefined)} />}
      <div class="two-columns no-print">
        <section aria-label={words().list}>
          <MemberList people={people} classes={classes} school_id={school_id} acts={acts} />
        </section>
        <div class="stack">
          <InviteForm school_id={school_id} classes={classes} busy={acts.busy} act={invite} />
          <OpenInvitations invitations={invitations} busy={acts.busy} onRevoke={(one) => void acts.revoke(one)} />
        </div>
      </div>
    </Manage>
  );
}

export function MembersScreen({ params }: { params: Record<string, string> }) {
  const school_id = Number(params.id) || undefined;
  const { data, error, retry } = useResource(() => load(school_id), [school_id]);
  if (!data && error) return <FailurePage error={error} retry={retry} />;
  if (!data) return <Loading lines={10} />;
  return <Members key={school_id} school_id={school_id} {...data} reload={retry} />;
}
