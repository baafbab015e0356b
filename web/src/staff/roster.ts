// Classes and the children in them, kept for as long as the page is open.
import { signal } from '@preact/signals';
import { request } from '../app/api';
import { t } from '../app/i18n';
import { orKept } from '../app/kept';
import type { SchoolClass, Student } from '../app/nouns';
import { session } from '../app/session';

/** Every child that this page has learnt of, by id. */
export const students = signal<ReadonlyMap<number, Student>>(new Map());
const asked = new Map<number, Promise<Student[]>>();

function learnStudents(rows: Student[]): void {
  students.value = new Map([...students.value, ...rows.map((row) => [row.student_id, row] as const)]);
}

/** Children of a support class who join this one come after its own: their numbers are of the other list. */
function visits(student: Student, class_id: number): number {
  return student.class_id === class_id ? 0 : 1;
}

export function loadRoster(class_id: number): Promise<Student[]> {
  const known = asked.get(class_id);
  if (known) return known;
  const asking = request('GET /api/classes/{class_id}/students', { path: { class_id } }).then(({ rows }) => {
    learnStudents(rows);
    return [...rows].sort((a, b) => visits(a, class_id) - visits(b, class_id) || a.number - b.number);
  });
  asked.set(class_id, asking);
  asking.catch(() => asked.delete(class_id));
  return asking;
}

export async function loadClasses(school_id?: number): Promise<SchoolClass[]> {
  const { rows } = await request('GET /api/classes', school_id ? { query: { school_id } } : {});
  return [...rows].sort((a, b) => a.grade - b.grade || a.sort - b.sort || a.id - b.id);
}

export interface LoadedClass {
  of: SchoolClass | undefined;
  students: Student[];
}

/** The class as it was last seen is enough to read it, and to call it, where there is no network. */
export async function loadClass(id: number): Promise<LoadedClass> {
  const loaded = await orKept(`class.${id}`, async () => {
    const [classes, students] = await Promise.all([loadClasses(), loadRoster(id)]);
    return { of: classes.find((one) => one.id === id), students };
  });
  learnStudents(loaded.students);
  return loaded;
}

/** 3年2組, 3年あおぞら */
/** A school that one works at. */
export function schoolName(school_id: number | undefined): string {
  return session.value?.roles.find((role) => role.school_id === school_id)?.school_name ?? '';
}

export function className(of: Pick<SchoolClass, 'grade' | 'name'>): string {
  return of.grade > 0 ? `${of.grade}年${of.name}` : of.name;
}

export function studentName(id: number): string {
  const student = students.value.get(id);
  return student ? `${student.family_name} ${student.given_name}` : t().app.loading;
}
