// What the matrix must know of staff: the school's administrator appoints at the school, the board everywhere.
export default ({ city, people, at, account, NOWHERE, OBJECTS }) => {
    const appoints = (who, where) => where !== 'absent' && (who === 'board' || (who === 'administrator' && where !== 'other'));
    const schoolOf = (where) => (where === 'other' ? at.b.id : at.a.id);
    const names = { family_name: '招待', given_name: '花子', family_kana: 'しょうたい', given_kana: 'はなこ' };
    const role = async (where) => (where === 'absent' ? NOWHERE : (await city.one(
        `insert into staff_roles (account_id, school_id, role, valid_from) values ($1, $2, 'nurse', today() - 1) returning id`,
        [await account(city), schoolOf(where)])).id);
    const invitation = async (where) => (where === 'absent' ? NOWHERE : (await city.one(
        `insert into staff_invitations (school_id, role, family_name, given_name, family_kana, given_kana, code_sha256, made_by, expires_at)
         values ($1, 'office', '招待', '花子', 'しょうたい', 'はなこ', sha256(convert_to(gen_random_uuid()::text, 'UTF8')), $2, now() + interval '1 day')
         returning id`, [schoolOf(where), people.board.account])).id);
    return {
        objects: { staff_role: role, staff_invitation: invitation },
        routes: {
            'get /api/schools/{school_id}/staff': { rule: appoints },
            'get /api/schools/{school_id}/staff-invitations': { rule: appoints },
            'post /api/staff-invitations': { rule: appoints, body: async (id) => ({ school_id: id, role: 'office', ...names }) },
            'delete /api/staff-invitations/{invitation_id}': { rule: appoints },
            'post /api/staff-roles': {
                rule: appoints,
                object: (where) => OBJECTS.account(where),
                body: async (id, where) => ({ account_id: id, school_id: schoolOf(where), role: 'nurse' }),
            },
            'delete /api/staff-roles/{role_id}': { rule: appoints },
        },
        // The code is what lets somebody in: walked in staff.test.mjs.
        settled: ['post /api/staff-invitations/look', 'post /api/staff-invitations/join', 'post /api/staff-invitations/accept'],
    };
};
