// Which views an account's roles open. An account with several goes from one to the other in the header.
import type { Session } from './nouns';

export interface View {
  kind: 'guardian' | 'class' | 'classes' | 'school' | 'city';
  path: string;
  grade?: number | null;
  name?: string | null;
}

const SCHOOL_ROLES = ['administrator', 'office', 'nurse'];

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
  if (who.is_guardian) views.push({ kind: 'guardian', path: '/home' });
  return views.filter((view, i) => views.findIndex((other) => other.path === view.path) === i);
}
