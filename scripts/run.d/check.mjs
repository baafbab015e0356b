// node check.mjs ORIGIN: a guardian reports one absence and a teacher sees it arrive. Cancels it again, so that it can
// be repeated (the teacher does: a guardian may only before the cut-off). Exit 0 when all of that happened.
import { client, live, demoAccounts } from '../../tests/support/client.mjs';

const [origin] = process.argv.slice(2);
const within = (ms, promise, what) =>
    Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error(`${what}: not within ${ms} ms`)), ms))]);

async function main() {
    const accounts = await demoAccounts(origin);
    const signIn = async (role) => {
        const account = accounts.find((row) => row.role === role);
        if (!account) throw new Error(`no demo account with the role ${role}`);
        return (await client(origin)).signIn(account.login_id, account.password);
    };
    const guardian = await signIn('guardian');
    const teacher = await signIn('teacher');
    const children = (await guardian.get('/api/children')).rows;
    const classes = (await teacher.get('/api/classes')).rows;
    const child = children.find((row) => row.may_report && classes.some((room) => room.id === row.class_id));
    if (!child) throw new Error("none of the demo guardian's children is in the demo teacher's class");

    const { today } = await guardian.get('/api/session');
    const mine = (await guardian.get(`/api/children/${child.student_id}/absences`)).rows;
    for (const row of mine.filter((each) => !each.cancelled_at && each.first_day <= today && each.last_day >= today)) {
        await teacher.post(`/api/absences/${row.id}/cancel`, { version: row.version });
    }

    const screen = await live(teacher);
    const topic = `absences/class/${child.class_id}`;
    await within(5000, screen.subscribe(topic), 'the snapshot');
    const reasons = (await guardian.get(`/api/reasons?school_id=${child.school_id}`)).rows;
    const started = performance.now();
    const receipt = await guardian.post('/api/absences', {
        student_id: child.student_id, first_day: today, kind: 'absent', reason_id: reasons[0].id,
    });
    const answered = performance.now();
    const row = await within(5000, screen.row(topic, (each) => each.id === receipt.id), 'the live row');
    const seen = performance.now();
    if (row.student_id !== child.student_id || row.kind !== 'absent') throw new Error('the live row is another one');
    console.log(`reported (${(answered - started).toFixed(1)} ms), on the teacher's list (${(seen - started).toFixed(1)} ms)`);
    await teacher.post(`/api/absences/${receipt.id}/cancel`, { version: row.version });
    await within(5000, screen.row(topic, (each) => each.id === receipt.id && each.cancelled_at), 'the cancellation');
    console.log('cancelled again, seen as well');
    screen.close();
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(`check failed: ${error.message}`);
        process.exit(1);
    },
);
