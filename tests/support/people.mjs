// A small cast in a seeded city: two schools, two classes in the first, children, and someone of every role.
// Everything is inserted by the superuser, so the tests don't depend on whom the seed happened to make.
let serial = 0;

/** One account; `roles` are rows of staff_roles, `children` student ids. Resolves to the account's id. */
export async function account(city, { roles = [], children = [], rights = 'report' } = {}) {
    const login = `cast-${process.pid}-${++serial}`;
    const { id } = await city.one(
        `insert into accounts (login_id, family_name, given_name, family_kana, given_kana)
         values ($1, '試験', '花子', 'シケン', 'ハナコ') returning id`, [login]);
    for (const role of roles) {
        await city.query('insert into staff_roles (account_id, school_id, class_id, role, valid_from) values ($1, $2, $3, $4, today() - 1)',
            [id, role.school_id ?? null, role.class_id ?? null, role.role]);
    }
    for (const child of children) {
        await city.query(
            `insert into guardianships (account_id, student_id, school_id, relation, rights, valid_from)
             select $1, s.id, s.school_id, 'mother', $3, today() - 1 from students s where s.id = $2`,
            [id, child, rights]);
    }
    return id;
}

/** The places: schools a and b; classes a.one, a.two, b.one, with children each. */
export async function places(city) {
    const schools = await city.query(
        `select s.id, s.name from schools s
         where (select count(*) from classes c where c.school_id = s.id and c.kind = 'regular'
                and (select count(*) from students t where t.class_id = c.id and t.left_on is null) >= 4) >= 2
         order by s.id limit 2`);
    if (schools.length < 2) throw new Error('the seeded city is too small: two schools with two classes of four are needed');
    const classes = async (school) => city.query(
        `select c.id, array(select t.id from students t where t.class_id = c.id and t.left_on is null order by t.number)::int8[] as students
         from classes c where c.school_id = $1 and c.kind = 'regular'
           and (select count(*) from students t where t.class_id = c.id and t.left_on is null) >= 4
         order by c.id limit 2`, [school.id]);
    const [a, b] = schools;
    const [one, two] = await classes(a);
    const [far] = await classes(b);
    const plain = ({ id, students }) => ({ id, students: students.map(Number) });
    return { a: { id: a.id, one: plain(one), two: plain(two) }, b: { id: b.id, one: plain(far) } };
}

/** Everyone, signed in: { guardian, teacher, ... } and where they are. */
export async function cast(city) {
    const at = await places(city);
    const { a, b } = at;
    const make = async (what) => city.as(await account(city, what));
    const school = (role) => make({ roles: [{ role, school_id: a.id }] });
    return {
        at,
        guardian: await make({ children: [a.one.students[0], a.one.students[1]] }),
        partner: await make({ children: [a.one.students[0]] }),
        reader: await make({ children: [a.one.students[0]], rights: 'read' }),
        stranger: await make({ children: [b.one.students[0]] }),
        homeroom: await make({ roles: [{ role: 'homeroom', school_id: a.id, class_id: a.one.id }] }),
        colleague: await make({ roles: [{ role: 'homeroom', school_id: a.id, class_id: a.two.id }] }),
        teacher: await school('teacher'),
        office: await school('office'),
        nurse: await school('nurse'),
        administrator: await school('administrator'),
        far_office: await make({ roles: [{ role: 'office', school_id: b.id }] }),
        far_homeroom: await make({ roles: [{ role: 'homeroom', school_id: b.id, class_id: b.one.id }] }),
        board: await make({ roles: [{ role: 'board' }] }),
        operator: await make({ roles: [{ role: 'operator' }] }),
        nobody: await make({}),
    };
}

/** The city's day, plus some. */
export const day = async (city, plus = 0) => (await city.one(`select (today() + $1::int)::text as day`, [plus])).day;

/** A report put straight into the table. */
export async function absence(city, student, { first = 0, last = first, by, kind = 'absent', via = 'guardian', note = null } = {}) {
    const reporter = by ?? (await account(city, { children: [student] }));
    return city.one(
        `insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, leave_at, reason_id, note, via, reported_by, changed_by, changed_via)
         select s.school_id, s.id, today() + $2::int, today() + $3::int, $4,
                case when $4 like 'late%' then time '10:00' end, case when $4 like '%leave_early' then time '13:00' end,
                (select min(id) from reasons where school_id is null and not needs_note), $7, $6, $5, $5, $6
         from students s where s.id = $1 returning id, version, school_id, student_id, first_day::text`,
        [student, first, last, kind, reporter, via, note]);
}

/** Cancels all that is reported for a child, as the school would. */
export const clear = (city, student) => city.query(
    `update absences set cancelled_at = now(), cancelled_by = reported_by, changed_by = reported_by, changed_at = now(), changed_via = 'school', version = version + 1
     where student_id = $1 and cancelled_at is null`, [student]);
