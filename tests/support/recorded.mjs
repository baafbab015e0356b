// What must stand in the audit (src/modules/audits/README.md): every write of staff, the board and the operator; every name that
// the board reads. What need not, and why.
export const UNRECORDED = {
    'post /api/absences': 'absence_versions says more',
    'put /api/absences/{id}': 'absence_versions says more',
    'post /api/absences/{id}/cancel': 'absence_versions says more',
    'post /api/absences/{id}/acknowledge': 'absence_versions says more',
    'post /api/classes/{class_id}/acknowledge': 'absence_versions says more',
    'put /api/students/{student_id}/attendance': 'attendance_versions says more',
    'put /api/classes/{class_id}/roll': 'roll_calls says who and when',
    'post /api/calendar/check': 'a look into a file that is not kept',
    'post /api/schools/{school_id}/register/export/preview': 'the office looks at its own school\'s register',
    'post /api/roster/columns': 'a look into a file that is not kept',
    'put /api/account/language': 'how the own screens speak',
    'delete /api/account/email': 'gives up one\'s own change that has not happened',
    'put /api/account/notifications/topics': 'how one is told oneself',
    'put /api/account/notifications/device': 'where one is told oneself',
    'delete /api/account/notifications/device': 'where one is told oneself',
    'delete /api/account/notifications/devices/{id}': 'where one is told oneself',
    'post /api/account/notifications/test': 'a try to oneself',
    'post /api/consent': 'the table consents says the same',
};
/** What belongs to who asks is no reading of others'. */
const OWN = /^\S+ \/api\/(session|sessions|account|own-data|children|passkeys|factors|second-factor)\b/;
const STAFF = ['teacher', 'office', 'board', 'operator'];

/** Must this answer have left a row? `reads`: a POST that only reads (a search is one), which is one's own work in one's own school. */
export function mustBeRecorded({ name, method, role, reads, status, body }) {
    if (status >= 300 || !STAFF.includes(role) || name in UNRECORDED) return false;
    if (method !== 'get' && !reads && !name.endsWith('/search')) return true;
    return role === 'board' && !OWN.test(name) && /"(family_name|given_name|full_name)":"/.test(JSON.stringify(body ?? null));
}

export const recordedBy = async (city, account) => (await city.one('select count(*)::int as n from audit where account_id = $1', [account])).n;
