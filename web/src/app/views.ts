// Which views an account's roles open. An account with several goes from one to the other in the header.
import type { Session } from './nouns';

export interface View {
  kind: 'guardian' | 'class' | 'classes' | 'school' | 'city' | 'manage';
  path: string;
  grade?: number | null;
  name?: string | null;
}

const SCHOOL_ROLES = ['administrator', 'office', 'nurse'];
const MANAGING_ROLES = ['administrator', 'office'];

/** What somebody manages: a school, or (without school_id) the city. */
export interface Area {
  school_id?: number;
  name?: string;
  /** Who answers for it: may also give roles and read the log. */
  head: boolean;
}

export function areasOf(who: Session): Area[] {
  const areas: Area[] = [];
  for (const { role, school_id, school_name } of who.roles) {
    const head = role === 'administrator' || role === 'board';
    const known = areas.find((area) => area.school_id === (school_id ?? undefined));
    if (role !== 'board' && (school_id === null || !MANAGING_ROLES.includes(role))) continue;
    if (known) known.head ||= head;
    else areas.push({ school_id: role === 'board' ? undefined : (school_id ?? undefined), name: school_name ?? undefined, head });
  }
  return areas;
}

/** /school/12/letters, /city/roster: the pages of the administration, not the day's. */
export function isManaging(path: string): boolean {
  return /^\/school\/\d+\/(?!absences|day-sheets|closures)./.test(path) || /^\/city\/(roster|rollover|settings|staff|audit)\b/.test(path);
}

export function viewsOf(who: Session): View[] {
  const views: View[] = [];
  for (const role of who.roles) {
    if (role.role === 'board') views.push({ kind: 'city', path: '/city' });
    else if (SCHOOL_ROLES.includes(role.role) && role.school_id !== null) {
      views.push({ kind: 'school', path: `/school/${role.school_id}`, name: role.school_name });
    } else if (role.class_id !== null) {
      views.push({ kind: 'class', path: `/class/${role.class_id}`, grade: role.grade, name: role.class_name });
    } else if (role.role === 'teacher') {
      views.push({ kind: 'classes', path: '/classes' });
    }
  }
  const [area] = areasOf(who);
  if (area) views.push({ kind: 'manage', path: area.school_id ? `/school/${area.school_id}/registrants` : '/city/roster' });
  if (who.is_guardian) views.push({ kind: 'guardian', path: '/home' });
  return views.filter((view, i) => views.findIndex((other) => other.path === view.path) === i);
}
