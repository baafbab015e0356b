// Which school (or the city) a page is about, what it is called, and which pages there are.
import { request } from '../app/api';
import { useResource } from '../app/resource';
import { session } from '../app/session';
import { schoolName } from '../staff/roster';
import { type Area, areasOf } from '../app/views';

export type Tab = 'registrants' | 'letters' | 'staff' | 'roster' | 'groups' | 'rollover' | 'settings' | 'audit';

const SCHOOL_TABS: Tab[] = ['registrants', 'letters', 'roster', 'groups', 'rollover', 'settings', 'staff', 'audit'];
const CITY_TABS: Tab[] = ['roster', 'rollover', 'settings', 'staff', 'audit'];
/** For the school's administrator and the board alone. */
const HEAD_TABS: Tab[] = ['staff', 'audit'];

export const isBoard = () => session.value?.roles.some((role) => role.role === 'board') ?? false;

export function pathOf(tab: Tab, school_id?: number): string {
  return school_id === undefined ? `/city/${tab}` : `/school/${school_id}/${tab}`;
}

function mine(): Area[] {
  return session.value ? areasOf(session.value) : [];
}

export function tabsOf(school_id?: number): Tab[] {
  if (school_id === undefined) return isBoard() ? CITY_TABS : [];
  const area = mine().find((one) => one.school_id === school_id);
  // A school's groups are its own: the board keeps none.
  if (!schoolName(school_id)) return isBoard() ? SCHOOL_TABS.filter((tab) => tab !== 'groups') : ['registrants'];
  if (isBoard() || area?.head) return SCHOOL_TABS;
  return area ? SCHOOL_TABS.filter((tab) => !HEAD_TABS.includes(tab)) : ['registrants', 'groups'];
}

/** Whether one may change things here: the school's administrator and office, and the board. */
export function mayManage(school_id: number): boolean {
  return isBoard() || mine().some((area) => area.school_id === school_id);
}

/** One's own areas; for the board all schools beside the city. */
export function useAreas(): Area[] {
  const board = isBoard();
  const { data } = useResource(async () => (board ? (await request('GET /api/schools')).rows : []), [board]);
  if (!board) return mine();
  const city = mine().filter((area) => area.school_id === undefined);
  return [...city, ...(data ?? []).map((school) => ({ school_id: school.id, name: school.name, head: true }))];
}

export function nameOf(areas: Area[], school_id: number): string {
  const known = areas.find((area) => area.school_id === school_id)?.name;
  return known ?? schoolName(school_id);
}
