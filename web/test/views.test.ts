import { describe, expect, it } from 'vitest';
import type { Role, Session } from '../src/app/nouns';
import { areasOf, isManaging, viewsOf } from '../src/app/views';

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
    expect(paths(who([role({ role: 'board', school_id: null })]))).toEqual(['/city', '/city/roster']);
    expect(paths(who([role({ role: 'office' })]))).toEqual(['/school/1', '/school/1/registrants']);
  });

  it('a teacher who is a guardian has both', () => {
    expect(paths(who([role({ class_id: 7 })], true))).toEqual(['/class/7', '/home']);
  });

  it('two roles in one school are one view', () => {
    expect(paths(who([role({ role: 'office' }), role({ role: 'nurse' })]))).toEqual(['/school/1', '/school/1/registrants']);
  });

  it('a teacher without a class of their own chooses one', () => {
    expect(paths(who([role({ role: 'teacher' })]))).toEqual(['/classes']);
  });

  it('a role without a screen opens none', () => {
    expect(paths(who([role({ role: 'operator', school_id: null })]))).toEqual([]);
  });
});

describe('what an account manages', () => {
  it('is the schools of its administrator and office, and the city for the board', () => {
    const areas = areasOf(
      who([
        role({ role: 'office' }),
        role({ role: 'administrator' }),
        role({ role: 'office', school_id: 2, school_name: '別の小学校' }),
        role({ role: 'nurse', school_id: 3 }),
        role({ role: 'board', school_id: null, school_name: null }),
      ]),
    );
    expect(areas).toEqual([
      { school_id: 1, name: '見本小学校', head: true },
      { school_id: 2, name: '別の小学校', head: false },
      { school_id: undefined, name: undefined, head: true },
    ]);
  });

  it('has addresses of its own', () => {
    expect(['/school/1/letters', '/school/1/roster/7', '/city/roster', '/city/rollover'].every(isManaging)).toBe(true);
    expect(['/school/1', '/city', '/city/12', '/class/3'].some(isManaging)).toBe(false);
  });
});
