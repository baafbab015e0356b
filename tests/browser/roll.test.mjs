// The accountable morning: the class's roll on a telephone, also without a network; the office's list; the guardians' answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { children, clear, openCity, PHONE, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, guardian, teacher, office, board, child, others;

before(async () => {
    city = await openCity({ own: true });
    guardian = await city.open('guardian', PHONE);
    teacher = await city.open('teacher', PHONE, { wire: true });
    await city.city.query(`update schools set escalate_at = '00:00'`);
    office = await city.open('office');
    board = await city.open('board');
    ({ child } = await children(guardian, teacher));
    await clear(child.student_id, guardian, office);
    const { body } = await teacher.api('GET', `/classes/${child.class_id}/students`);
    others = body.rows.filter((one) => one.student_id !== child.student_id && one.class_id === child.class_id);
});
after(() => city.close());

const row = (id) => teacher.page.locator(`.roll-row[data-student="${id}"]`);
const choose = (id, state) => row(id).getByText(state, { exact: true }).click();
const stored = async (id) => (await city.city.query('select state, left_at is not null as gone from attendance where student_id = $1 and day = today()', [id]))[0]?.state;

test('5(2)朝-3 点呼は全員出席から始まり、ちがう子だけ押す。電波がなくても押せて、開きなおしても残り、戻れば届く', async () => {
    await teacher.go(`/class/${child.class_id}`);
    await teacher.page.getByRole('link', { name: '点呼をとる' }).click();
    await row(child.student_id).waitFor();
    assert.equal(await row(child.student_id).getAttribute('data-shown'), 'present');
    await assertUsable(teacher, '点呼');
    await choose(others[0].student_id, '遅刻');
    await until(async () => (await stored(others[0].student_id)) === 'late', 'stored');
    assert.match(await row(others[0].student_id).getByLabel('登校した時刻').inputValue(), /^\d\d:\d\d$/);

    await teacher.offline(true);
    await choose(child.student_id, '欠席');
    await choose(others[1].student_id, '欠席');
    await choose(others[1].student_id, '出席');
    await teacher.page.getByRole('button', { name: '点呼を終える' }).click();
    await teacher.page.getByText(/電波が戻りしだい送ります（2件）/).waitFor();
    assert.equal(await stored(child.student_id), undefined);

    await teacher.page.goto('about:blank');
    await teacher.go(`/class/${child.class_id}`);
    await teacher.page.getByRole('link', { name: '点呼をとる' }).click();
    await teacher.page.getByText(/電波が戻りしだい送ります（2件）/).waitFor();
    const shown = await Promise.all([others[0], child, others[1]].map((one) => row(one.student_id).getAttribute('data-shown')));
    assert.deepEqual(shown, ['late', 'absent', 'present'], 'what was stored, and what still waits, is there when the page is opened anew');
    await teacher.offline(false);
    await until(async () => (await stored(child.student_id)) === 'absent', 'sent after the network came back');
    await teacher.page.getByRole('heading', { name: '登校が確認できない子 1人' }).waitFor();
    assert.equal(await teacher.page.locator('[data-called=true]').count(), 1);
});

test('5(2)朝-4 5(2)朝-7 職員室に不明の子が現れ、一押しで保護者にたずね、答えが届く。教育委員会には数だけが見える', async () => {
    await office.go(`/school/${child.school_id}`);
    const missing = office.page.locator(`[data-missing="${child.student_id}"]`);
    await missing.getByText(child.given_name).first().waitFor();
    await office.page.locator(`[data-class="${child.class_id}"]`).getByText('点呼済').waitFor({ state: 'attached' });
    await board.go('/city');
    await board.page.locator(`[data-school="${child.school_id}"] [data-count=unaccounted]`, { hasText: '1' }).waitFor();

    await guardian.go('/home');
    await missing.getByRole('button', { name: '保護者にたずねる' }).click();
    await missing.getByText(/^たずねました/).waitFor();
    await guardian.page.getByText(`${child.given_name}さんの登校が確認できていません`).waitFor();
    await assertUsable(office, '職員室、不明の子');
    await assertUsable(guardian, '保護者、登校の確認');
    await guardian.page.getByRole('button', { name: 'わかりません' }).click();
    await missing.getByText(/「わからない」との答え/).waitFor();
    await guardian.page.getByRole('button', { name: '家を出ました' }).click();
    await missing.getByText(/「家を出た」との答え/).waitFor();
    await missing.getByRole('button', { name: '確認できた' }).click();
    await guardian.page.getByText(`${child.given_name}さんの登校が確認できていません`).waitFor({ state: 'detached' });
});

test('5(2)朝-6 5(2)朝-2 欠席の連絡が届けば不明ではなくなり、来ていれば食いちがいとして示す', async () => {
    await teacher.go(`/class/${child.class_id}/roll`);
    await row(child.student_id).getByText('不明').waitFor();
    const { body } = await guardian.api('GET', `/reasons?school_id=${child.school_id}`);
    const today = (await guardian.api('GET', '/session')).body.today;
    const made = await guardian.api('POST', '/absences', { student_id: child.student_id, first_day: today, kind: 'absent', reason_id: body.rows[0].id });
    assert.equal(made.status, 201);
    await office.page.getByText(/0:00を過ぎて、まだ確認していない連絡が\d+件あります/).waitFor();
    await row(child.student_id).getByText('不明').waitFor({ state: 'detached' });
    await row(child.student_id).getByText('欠席の連絡').waitFor();
    await choose(child.student_id, '出席');
    await row(child.student_id).getByText('欠席の連絡がありますが、来ています').waitFor();
    await office.page.locator(`[data-missing="${child.student_id}"]`).waitFor({ state: 'detached' });
    const present = office.page.locator(`[data-contradicted="${child.student_id}"]`);
    await present.getByText(child.given_name).first().waitFor();
    await assertUsable(office, '職員室、連絡と点呼のくいちがい');
    await present.getByRole('button', { name: '取り消し' }).click();
    await office.page.getByRole('dialog').getByRole('button', { name: '取り消し' }).click();
    await present.waitFor({ state: 'detached' });
    await row(child.student_id).getByText('欠席の連絡がありますが、来ています').waitFor({ state: 'detached' });
});

test('5(2)朝-5 5(2)朝-3 遅れて来るはずの子が時刻を過ぎても来なければ不明になり、来れば一押しで記録する。そのあと早退もできる', async () => {
    const late = others[2].student_id;
    await city.city.query(`insert into absences (school_id, student_id, first_day, last_day, kind, arrive_at, via, reported_by, changed_by, changed_via)
        select s.school_id, s.id, today(), today(), 'late', '00:00', 'school', a.id, a.id, 'school' from students s, accounts a where s.id = $1 and a.login_id = $2`,
    [late, office.account.login_id]);
    await row(late).getByText('0:00ごろ登校の連絡').waitFor();
    const missing = office.page.locator(`[data-missing="${late}"]`);
    // A quarter of an hour after midnight it is over.
    const isOver = (await city.city.query(`select localtime_here() >= '00:15' as yes`))[0].yes;
    if (isOver) {
        await row(late).getByText('不明').waitFor();
        await missing.getByRole('button', { name: '保護者にたずねる' }).waitFor();
    }
    await assertUsable(teacher, '点呼、遅刻の子');
    await row(late).getByRole('button', { name: /が登校した$/ }).click();
    await until(async () => (await stored(late)) === 'late', 'stored');
    await row(late).getByRole('button', { name: /が登校した$/ }).waitFor({ state: 'detached' });
    assert.match(await row(late).getByLabel('登校した時刻').inputValue(), /^\d\d:\d\d$/);
    await missing.waitFor({ state: 'detached' });
    await choose(late, '早退');
    await until(async () => (await stored(late)) === 'late_and_left_early', 'both');
});

test('5(2)朝-1 タブレットの二列の名簿でも、確認のボタンは自分の行の中にある', async () => {
    await city.city.query(`update absences set kind = 'late_and_leave_early', arrive_at = '09:30', leave_at = '13:40', version = version + 1
        where student_id = $1 and cancelled_at is null`, [others[2].student_id]);
    await city.city.query(`update students s set class_id = $1, number = 40 + x.n
        from (select id, row_number() over (order by id)::int as n from students where school_id = $2 and class_id <> $1 and left_on is null) x where x.id = s.id and x.n <= 12`,
    [child.class_id, child.school_id]);
    await teacher.page.setViewportSize({ width: 768, height: 1024 });
    await teacher.go(`/class/${child.class_id}`);
    const line = teacher.page.locator('.roster.two .roster-row.reported').filter({ hasText: '遅刻・早退' });
    const [button, around] = [await line.getByRole('button', { name: /確認/ }).boundingBox(), await line.boundingBox()];
    assert.ok(button.x + button.width <= around.x + around.width, `${button.x + button.width} <= ${around.x + around.width}`);
});
