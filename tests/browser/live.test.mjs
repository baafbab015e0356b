// The screens that move by themselves: the class, the office, the board; and what they say when the line is cut.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { children, clear, openCity, dayAfter, PHONE, until, WALL } from './support.mjs';

let city, guardian, teacher, office, board, child, sibling, today, reason;

before(async () => {
    city = await openCity();
    guardian = await city.open('guardian', PHONE);
    teacher = await city.open('teacher');
    office = await city.open('office');
    board = await city.open('board', WALL);
    ({ child, sibling } = await children(guardian, teacher));
    today = (await guardian.api('GET', '/session')).body.today;
    reason = (await guardian.api('GET', `/reasons?school_id=${child.school_id}`)).body.rows[0].id;
});

const clearAll = () => clear(child.student_id, guardian, office);
beforeEach(clearAll);
after(async () => {
    await clearAll();
    await city.close();
});

const report = async (more = {}) => {
    const { status, body } = await guardian.api('POST', '/absences',
        { student_id: child.student_id, first_day: today, kind: 'absent', reason_id: reason, ...more });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
};
/** The office reports as many children of its school as absent, none of them ours. */
const reportMany = async (count) => {
    const { body: { rows: classes } } = await office.api('GET', '/classes');
    const pupils = (await Promise.all(classes.map((one) => office.api('GET', `/classes/${one.id}/students`))))
        .flatMap((answer) => answer.body.rows.map((row) => row.student_id));
    const made = [];
    for (const student_id of new Set(pupils)) {
        if (made.length === count) break;
        if (student_id === child.student_id) continue;
        const { status, body } = await office.api('POST', '/absences', { student_id, first_day: today, kind: 'absent', reason_id: reason });
        if (status === 201) made.push(body.id);
    }
    assert.equal(made.length, count);
    return made;
};
const cancelAll = async (made) => {
    for (const one of made) await office.api('POST', `/absences/${one}/cancel`, { version: 1 });
};
const classRow = () => teacher.page.locator(`[data-student="${child.student_id}"]`);
const state = (page) => page.locator('[data-connection]').getAttribute('data-connection');

test('5(2)ア 切れた接続は三秒のうちに示し、戻れば切れていた間の連絡も現れる', async () => {
    await teacher.go(`/class/${child.class_id}`);
    await classRow().waitFor();
    await until(async () => (await state(teacher.page)) === 'open', 'connected');
    await teacher.page.context().setOffline(true);
    await teacher.page.getByText('再接続しています…').waitFor({ timeout: 3000 });
    await teacher.page.locator('.roster.stale').waitFor();
    await report();
    await teacher.page.context().setOffline(false);
    await classRow().getByText('欠席').waitFor();
    await until(async () => (await state(teacher.page)) === 'open', 'connected again');
    assert.equal(await teacher.page.locator('.stale').count(), 0);
});

test('5(2)ア サーバーが入れ替わっても、画面は自分でつながりなおす', async (t) => {
    if (!city.city) return t.skip('the city is not ours to restart');
    await teacher.go(`/class/${child.class_id}`);
    await classRow().waitFor();
    city.city.server.kill('SIGTERM');
    await teacher.page.getByText('再接続しています…').waitFor({ timeout: 8000 });
    await city.city.exited;
    await city.city.start();
    await until(async () => (await state(teacher.page)) === 'open', 'connected again', 30_000);
    await report();
    await classRow().getByText('欠席').waitFor();
});

test('5(2)朝-1 担任は全員をまとめて確認できる。明日の連絡も見られる', async () => {
    await report({ first_day: dayAfter(today, 1) });
    await teacher.go(`/class/${child.class_id}`);
    await classRow().waitFor();
    assert.equal(await classRow().getByText('欠席').count(), 0);
    await teacher.page.getByRole('button', { name: /^明日/ }).click();
    await classRow().getByText('欠席').waitFor();
    await teacher.page.getByRole('button', { name: /^全員確認/ }).click();
    await classRow().getByText('確認済').waitFor();
    await teacher.page.getByRole('button', { name: '未確認はありません' }).waitFor();
});

test('職員室の画面に新しい順に現れ、学年・学級で絞り込め、条件はアドレスに残る', async () => {
    await office.go(`/school/${child.school_id}`);
    await office.page.getByRole('heading', { name: '学年と学級' }).waitFor();
    const id = await report({ note: '朝から熱があります' });
    const line = office.page.locator(`[data-absence="${id}"]`);
    await line.getByText('新着').waitFor();
    await line.getByText('朝から熱があります').waitFor();
    await line.locator('.name', { hasText: child.given_name }).waitFor();
    assert.equal(await office.page.locator('.stream-row').first().getAttribute('data-absence'), String(id));

    const cell = office.page.locator(`[data-class="${child.class_id}"]`);
    assert.match(await cell.innerText(), /未確認/);
    await cell.click();
    assert.equal(new URL(office.page.url()).searchParams.get('class'), String(child.class_id));
    await office.page.getByLabel('種類').selectOption('late');
    await line.waitFor({ state: 'detached' });
    await office.page.reload();
    await office.page.getByText('この条件の連絡はありません。').waitFor();
    await office.page.getByRole('button', { name: '絞り込みを外す' }).click();
    await line.waitFor();
});

test('5(2)カ-1 5(2)カ-2 電話を受けて、キーボードだけで登録し、あとで訂正・取り消しができる', async () => {
    const { page } = office;
    await office.go(`/school/${child.school_id}`);
    await page.getByRole('heading', { name: '届いた連絡' }).waitFor();
    await page.locator('[data-state="fresh"]').waitFor();
    await page.keyboard.press('n');
    await page.getByRole('combobox', { name: /お子さんの名前/ }).waitFor();
    await page.keyboard.type(child.family_kana + child.given_kana);
    const found = page.locator('#found-students').getByRole('option');
    await found.first().waitFor();
    const ids = await found.evaluateAll((all) => all.map((one) => one.id));
    for (let at = ids.indexOf(`found-${child.student_id}`); at > 0; at -= 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: '欠席', exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const line = page.locator(`.stream-row[data-student="${child.student_id}"]`);
    await line.getByText('電話').waitFor();

    await line.getByRole('button', { name: '訂正' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('早退', { exact: true }).click();
    await dialog.getByText('その他', { exact: true }).click();
    await dialog.getByText('空欄は未定').waitFor();
    await dialog.getByText('迎え：ほかの人').click();
    await dialog.getByLabel('迎えに来る人').fill('祖母');
    await dialog.getByLabel('メモ').fill('検査が早まりました');
    await page.getByRole('button', { name: '訂正する' }).click();
    await line.getByText('早退時刻未定').waitFor();
    await line.getByText('迎え：祖母').waitFor();
    await guardian.go('/home');
    await guardian.page.getByText('今日は早退と、学校が電話で受け付けています。').waitFor();
    await line.getByRole('button', { name: '取り消し' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '取り消し', exact: true }).click();
    await line.waitFor({ state: 'detached' });
});

test('5(2)カ-2 訂正の画面は、理由をまだ読み直していても、そろった形で開く', async () => {
    const { page } = office;
    const id = await report();
    const answered = page.waitForResponse((response) => response.url().includes('/api/reasons'));
    await office.go(`/school/${child.school_id}`);
    await (await answered).finished();
    let release;
    const held = new Promise((done) => { release = done; });
    await page.route('**/api/reasons?*', async (route) => {
        await held;
        await route.continue();
    });
    await page.locator(`[data-absence="${id}"]`).getByRole('button', { name: '訂正' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('その他', { exact: true }).waitFor({ timeout: 5000 });
    const place = await dialog.boundingBox();
    const again = page.waitForResponse((response) => response.url().includes('/api/reasons'));
    release();
    await (await again).finished();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(await dialog.boundingBox(), place, 'nothing moved under the mouse');
    await page.unroute('**/api/reasons?*');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
});

test('5(2)オ-2 一覧を動かしているあいだは行を動かさず、新着の数を示す', async () => {
    const { page } = office;
    const made = await reportMany(10);
    await page.setViewportSize({ width: 1280, height: 640 });
    await office.go(`/school/${child.school_id}`);
    await page.locator(`[data-absence="${made[0]}"]`).waitFor();
    await page.locator('.stream').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    const at = () => page.locator(`[data-absence="${made[0]}"]`).evaluate((row) => row.getBoundingClientRect().top);
    await page.waitForTimeout(200);
    const before = await at();
    const id = await report();
    const offered = page.getByRole('button', { name: '新着 1件' });
    await offered.waitFor();
    // Rows lie between pixels.
    assert.ok(Math.abs((await at()) - before) < 1, 'nothing moved under the eye');
    assert.equal(await page.locator(`[data-absence="${id}"]`).count(), 0);
    await offered.click();
    await page.locator(`[data-absence="${id}"]`).waitFor();
    assert.equal(await page.locator('.stream-row').first().getAttribute('data-absence'), String(id));
    await page.setViewportSize({ width: 1440, height: 900 });
    await cancelAll(made);
});

test('5(2)朝-7 教育委員会の画面は全校を一面に収め、連絡がすぐ数に表れる', async () => {
    const { page } = board;
    await board.go('/city');
    const tile = page.locator(`[data-school="${child.school_id}"]`);
    await tile.waitFor();
    const { body } = await board.api('GET', '/schools');
    assert.equal(await page.locator('[data-school]').count(), body.rows.length);
    const size = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight, document.documentElement.scrollWidth, innerWidth]);
    assert.ok(size[0] <= size[1] && size[2] <= size[3], `no scrolling: ${size}`);
    const cut = () => page.locator('.school-tile').evaluateAll((all) =>
        all.filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).length);
    assert.equal(await cut(), 0, 'no tile is cut');

    const count = () => tile.locator('[data-count="absent"]').innerText().then(Number);
    const absent = await count();
    await report();
    await until(async () => (await count()) === absent + 1, 'the tile counts it', 5000);
    await page.locator('.arrivals').getByText(/合計\d+件/).waitFor();

    const made = await reportMany(5);
    await tile.and(page.locator('.high')).waitFor();
    assert.equal(await cut(), 0, 'nor is one with a mark');
    await cancelAll(made);

    await tile.click();
    await page.getByRole('heading', { name: /学級ごとの人数/ }).waitFor();
    const cells = page.locator(`[data-class="${child.class_id}"] td`);
    await until(async () => Number(await cells.nth(1).innerText()) >= 1, 'the class counts it');
    assert.ok(!(await page.locator('main').innerText()).includes(child.given_name), 'numbers, no names');
});

test('5(1)ア ログアウトすると、開いている別の画面もログインの画面になる', async () => {
    const someone = await city.open('teacher');
    const { page } = someone;
    await page.locator('[data-connection="open"]').waitFor();
    const other = await page.context().newPage();
    await other.goto(`${city.origin}/class/${child.class_id}`);
    await other.locator('[data-connection="open"]').waitFor();
    await page.getByRole('button', { name: 'ログアウト' }).click();
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await other.getByRole('heading', { name: 'ログイン' }).waitFor();
});

test('5(1)エ 担任でもあり保護者でもある人は、画面の上で行き来できる', async (t) => {
    if (!city.city) return t.skip('the city is not ours to change');
    const { account_id } = (await teacher.api('GET', '/session')).body;
    await city.city.query(
        `insert into guardianships (account_id, student_id, school_id, relation, valid_from)
         select $1, s.id, s.school_id, 'mother', today() - 1 from students s where s.id = $2`, [account_id, sibling.student_id]);
    const both = await city.open('teacher', PHONE);
    await both.page.getByRole('navigation', { name: '画面の切り替え' }).getByRole('link', { name: '保護者' }).click();
    await both.page.getByRole('heading', { name: 'お子さん' }).waitFor();
    await both.page.locator('.child-card .sentence').waitFor();

    // The link is taken away: the open screen shows nothing more of the child.
    await city.city.query('update guardianships set valid_to = today() - 1 where account_id = $1', [account_id]);
    await both.page.getByText('このお子さんの連絡は、いま表示できません。学校へお電話ください。').waitFor();
    await both.page.getByRole('link', { name: /^\d年/ }).click();
    await both.page.locator('.roster-row').first().waitFor();
});
