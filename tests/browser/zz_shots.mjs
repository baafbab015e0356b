import { children, clear, openCity, PHONE, DESK } from './support.mjs';
const city = await openCity({ own: true });
const out = '/tmp/shots'; 
const teacher = await city.open('teacher', PHONE), desk = await city.open('teacher', DESK), office = await city.open('office'), board = await city.open('board', { width: 1920, height: 1080 }), guardian = await city.open('guardian', PHONE);
const { child } = await children(guardian, teacher);
await clear(child.student_id, guardian, office);
const { rows } = (await teacher.api('GET', `/classes/${child.class_id}/students`)).body;
const today = (await guardian.api('GET', '/session')).body.today;
const reason = (await guardian.api('GET', `/reasons?school_id=${child.school_id}`)).body.rows[0].id;
const rep = (student_id, kind, more = {}) => office.api('POST', '/absences', { student_id, first_day: today, kind, reason_id: reason, ...more });
await rep(rows[2].student_id, 'absent'); await rep(rows[4].student_id, 'late', { arrive_at: '10:00' }); await rep(rows[6].student_id, 'absent');
const tap = (id, state, more = {}) => teacher.api('PUT', `/students/${id}/attendance`, { day: today, state, seen_at: Date.now(), ...more });
await tap(child.student_id, 'absent'); await tap(rows[8].student_id, 'absent'); await tap(rows[6].student_id, 'present'); await tap(rows[9].student_id, 'late', { arrived_at: '08:52' });
await office.api('POST', `/students/${child.student_id}/inquiry`);
await teacher.api('PUT', `/classes/${child.class_id}/roll`, { day: today, done: true });
for (const [who, path, name] of [[teacher, `/class/${child.class_id}/roll`, 'roll-phone'], [desk, `/class/${child.class_id}/roll`, 'roll-desk'], [office, `/school/${child.school_id}`, 'office'], [board, '/city', 'board'], [board, `/city/${child.school_id}`, 'board-school'], [guardian, '/home', 'home'], [teacher, `/class/${child.class_id}`, 'class-phone']]) {
    await who.go(path); await who.page.waitForTimeout(900);
    await who.page.screenshot({ path: `${out}/${name}.png`, fullPage: name === 'roll-phone' });
}
await city.close();
process.exit(0);
