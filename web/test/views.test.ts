import { describe, expect, it } from 'vitest';
import type { Role, Session } from '../src/app/nouns';
import { viewsOf } from '../src/app/views';

const role = (change: Partial<Role>): Role => ({
  role: 'homeroom',
  school_id: 1,
  school_name: '見本小学校',
  class_id: null,
  class_name: null,
  grade: null,
  ...change,
});

function who(roles: Role[], is_guardian = false): Session {
  return { account_id: 1, family_name: '', given_name: '', roles, is_guardian, today: '2026-11-24', demo: false, shared: false, second_factor: null };
}

const paths = (session: Session) => viewsOf(session).map((view) => view.path);

describe("an account's views", () => {
  it('follow its roles', () => {
    expect(paths(who([], true))).toEqual(['/home']);
    expect(paths(who([role({ role: 'board', school_id: null })]))).toEqual(['/city']);
    expect(paths(who([role({ role: 'office' })]))).toEqual(['/school/1']);
  });

  it('a teacher who is a guardian has both', () => {
    expect(paths(who([role({ class_id: 7 })], true))).toEqual(['/class/7', '/home']);
  });

  it('two roles in one school are one view', () => {
    expect(paths(who([role({ role: 'office' }), role({ role: 'nurse' })]))).toEqual(['/school/1']);
  });

  it('a teacher without a class of their own chooses one', () => {
    expect(paths(who([role({ role: 'teacher' })]))).toEqual(['/classes']);
  });

  it('a role without a screen opens none', () => {
    expect(paths(who([role({ role: 'operator', school_id: null })]))).toEqual([]);
  });
});
