// One child's page as the office uses it, and the log that says what was done there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, places } from '../support/people.mjs';
import { countPrints, openAs } from './staff.mjs';
import { DESK, openCity, PHONE, until } from './support.mjs';
import { assertUsable } from './usable.mjs';

let city, at, administrator, page, child, mother, prints;

const told = (text) => page.getByRole('status').getByText(text).waitFor();
const record = () => city.city.one('select family_name, number, left_on, class_id from students where id = $1', [child]);
const link = () => city.city.one('select rights, relation, valid_to::text from guardianships where account_id = $1 and student_id = $2', [mother, child]);

before(async () => {
    city = await openCity({ own: true });
    at = await places(city.city);
    [child] = at.a.one.students;
    await city.city.query('delete from guardianships where student_id = $1', [child]);
    mother = await account(city.city, { children: [child] });
    administrator = await openAs(city, [{ role: 'administrator', school_id: at.a.id }], DESK);
    ({ page } = administrator);
    prints = await countPrints(page);
});

after(() => city.close());

const go = async () => {
    await administrator.go(`/school/${at.a.id}/students/${child}`);
    await page.getByRole('heading', { name: '名簿の記載' }).waitFor();
};

test('5(1)カ 一人の名簿をその場で直し、変更の記録に残る', async () => {
    await go();
    await page.getByLabel('姓', { exact: true }).fill('𠮷田');
    await page.getByRole('button', { name: '変更を保存する' }).click();
    await told('保存しました。');
    assert.equal((await record()).family_name, '𠮷田');
    await page.locator('.history-rows li').filter({ hasText: '𠮷田' }).first().waitFor();
});

test('5(2)ア-5 長期欠席を登録し、変え、取り消す。ほかの人が先に変えたら、両方を見せて選ぶ', async () => {
    await city.city.query('update standing_absences set ended_at = now(), ended_by = made_by where ended_at is null and student_id = $1', [child]);
    await go();
    const panel = page.getByRole('region', { name: '長期欠席' });
    await panel.getByText('長期欠席を登録する').click();
    const dialog = panel.locator('details', { hasText: '長期欠席を登録する' });
    assert.match(await dialog.getByLabel('最終日').inputValue(), /-03-31$/, 'until the end of the school year');
    await dialog.getByLabel('覚え書き').fill('週に一度、電話をします。');
    await dialog.getByRole('button', { name: '登録する', exact: true }).click();
    await told('登録しました。保護者の画面にも出ています。');
    await dialog.getByRole('button', { name: '登録する', exact: true }).click();
    await panel.getByRole('alert').getByText(/すでに長期欠席の登録があります/).waitFor();

    const entry = panel.locator('[data-standing]', { hasText: '期間中' });
    await entry.getByText('期間や内容を変える・取り消す').click();
    await entry.getByLabel('覚え書き').fill('月に一度、訪問します。');
    await city.city.query(`update standing_absences set note = '担任が変えました', version = version + 1 where student_id = $1 and ended_at is null`, [child]);
    await entry.getByRole('button', { name: 'この内容に変える' }).click();
    await entry.getByRole('alert').getByText('担任が変えました').waitFor();
    await assertUsable(administrator, '児童生徒: 長期欠席');
    await entry.getByRole('button', { name: 'この内容に変える' }).click();
    await panel.locator('[data-version="3"]').getByText('月に一度、訪問します。', { exact: false }).first().waitFor();

    await entry.getByRole('button', { name: 'この登録を取り消す' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'この登録を取り消す' }).click();
    await panel.getByText('取り消し済み').first().waitFor();
    const { ended_at } = await city.city.one('select ended_at from standing_absences where student_id = $1 order by id desc limit 1', [child]);
    assert.ok(ended_at);
});

test('5(1)カ 使われている出席番号は、何をすればよいかを言って断る', async () => {
    const { number } = await city.city.one('select number from students where id = $1', [at.a.one.students[1]]);
    const { number: own } = await record();
    await go();
    await page.getByLabel('出席番号').fill(String(number));
    await page.getByRole('button', { name: '変更を保存する' }).click();
    await page.getByRole('alert').getByText(/同じ学級の別の子が使っています/).waitFor();
    assert.equal((await record()).number, own);
});

test('5(1)エ 保護者の権利を期限つきで変えられる', async () => {
    await go();
    const card = page.locator(`[data-account="${mother}"]`);
    await card.getByRole('combobox', { name: /できること/ }).selectOption('read');
    await card.getByLabel('いつまで').fill('2027-03-31');
    await card.getByRole('button', { name: /^保存する/ }).click();
    await told(/権利を変えました/);
    assert.deepEqual(await link(), { rights: 'read', relation: 'mother', valid_to: '2027-03-31' });
});

test('5(1)ウ メールを使わない方の再設定コードを、確かめてから作って印刷する', async () => {
    await go();
    await page.locator(`[data-account="${mother}"]`).getByRole('button', { name: '再設定コードを印刷' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '再設定コードを印刷' }).click();
    const slip = page.locator('.letter');
    await slip.getByText(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/).waitFor();
    await page.getByRole('button', { name: '印刷する' }).click();
    assert.equal(await prints(), 1);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.evaluate(() => document.body.innerText.trim()), (await slip.innerText()).trim(), 'nothing else is printed');
    await page.emulateMedia({ media: null });
});

test('5(1)カ 転出にして、名簿に戻せる', async () => {
    await go();
    await page.getByRole('button', { name: '転出にする' }).click();
    await told('転出にしました。');
    assert.notEqual((await record()).left_on, null);
    await page.getByRole('button', { name: '名簿に戻す' }).click();
    await told('名簿に戻しました。');
    assert.equal((await record()).left_on, null);
});

test('7 操作の記録は、だれが何をしたかを文で示し、操作と児童生徒で絞れる', async () => {
    await administrator.go(`/school/${at.a.id}/audit`);
    await page.getByText('児童生徒を転出にしました。').first().waitFor();
    await page.getByRole('combobox', { name: '操作', exact: true }).selectOption('student_returned');
    await until(async () => {
        const actions = await page.locator('.audit-row').evaluateAll((rows) => rows.map((row) => row.dataset.action));
        return actions.length > 0 && actions.every((action) => action === 'student_returned');
    }, 'only one action');
    await administrator.go(`/school/${at.a.id}/audit?student=${child}`);
    await page.getByText('児童生徒の名簿を直しました。').first().waitFor();
    assert.equal(await page.getByText(/操作「/).count(), 0, 'every action has its sentence');
});

test('5(1)カ 学級と児童生徒をひとつずつ手で加えられ、まちがいは欄ごとに言う', async () => {
    await administrator.go(`/school/${at.a.id}/roster`);
    await page.getByRole('link', { name: '学級を加える' }).click();
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByText('学級の名前を入れてください。').waitFor();
    const { grade, name } = await city.city.one('select grade::int, name from classes where id = $1', [at.a.one.id]);
    await page.getByRole('combobox', { name: '学年' }).selectOption(String(grade));
    await page.getByLabel('学級の名前').fill(name);
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByText('同じ学年に、同じ名前の学級があります。').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'name', 'the field that is wrong has the focus');
    await page.getByLabel('学級の名前').fill('あおぞら');
    await page.getByRole('combobox', { name: '種類' }).selectOption('support');
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByText(`${grade}年あおぞらを加えました。`).waitFor();
    const made = await city.city.one(`select id, kind from classes where school_id = $1 and name = 'あおぞら' and grade = $2 order by id desc`, [at.a.id, grade]);
    assert.equal(made.kind, 'support');

    await page.getByRole('link', { name: '児童生徒を加える' }).click();
    await page.getByRole('combobox', { name: '交流学級' }).waitFor();
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByText('出席番号を1から999までの数字で入れてください。').waitFor();
    for (const [label, text] of [['姓', '𠮷田'], ['名', '新'], ['せい（ふりがな）', 'ヨシダ'], ['めい（ふりがな）', 'abc'], ['出席番号', '１']]) await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByRole('combobox', { name: '学級', exact: true }).selectOption(String(at.a.one.id));
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByText('ふりがなは、ひらがなかカタカナで入れてください。').waitFor();
    await page.getByLabel('めい（ふりがな）').fill('あらた');
    const taken = await city.city.one('select number from students where class_id = $1 and left_on is null limit 1', [at.a.one.id]);
    await page.getByLabel('出席番号').fill(String(taken.number));
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByText('この出席番号は、同じ学級の別の子が使っています。').waitFor();
    const [next] = (await page.getByText(/次に空いている番号は/).innerText()).match(/\d+/);
    await page.getByLabel('出席番号').fill(next);
    await page.getByRole('button', { name: '加える' }).click();
    await page.getByRole('heading', { name: '𠮷田 新さん' }).waitFor();
    const id = Number(new URL(page.url()).pathname.split('/').at(-1));
    assert.deepEqual(await city.city.one('select class_id, number::text, family_kana from students where id = $1', [id]), { class_id: at.a.one.id, number: next, family_kana: 'よしだ' });
    await page.getByRole('link', { name: '案内を作る' }).waitFor();
});

test('5(1)カ 学級の名前と種類を直し、変更の記録に残る。ほかの人が先に変えても、入力した内容は消えない', async () => {
    const of = at.a.two.id;
    const stored = () => city.city.one('select name, kind, code, version from classes where id = $1', [of]);
    const { name, grade } = await city.city.one('select name, grade::int from classes where id = $1', [of]);
    const taken = 'ほしぞら';
    await city.city.query(`insert into classes (school_id, school_year, grade, name, kind, sort) select school_id, school_year, grade, $2, 'support', 0 from classes where id = $1`, [of, taken]);
    await administrator.go(`/school/${at.a.id}/registrants?class=${of}`);
    await page.getByRole('link', { name: '学級を編集' }).click();
    await page.getByRole('heading', { name: `${grade}年${name}を編集` }).waitFor();
    const save = page.getByRole('button', { name: '変更を保存する' });
    assert.ok(await save.isDisabled(), 'nothing to save yet');
    await page.getByLabel('学級の名前').fill('');
    await save.click();
    await page.getByText('学級の名前を入れてください。').waitFor();
    await page.getByLabel('学級の名前').fill(taken);
    await save.click();
    await page.getByText('同じ学年に、同じ名前の学級があります。').waitFor();
    assert.equal(await page.getByLabel('学級の名前').inputValue(), taken);
    await page.getByLabel('学級の名前').fill('わかば');
    await page.getByRole('combobox', { name: '種類' }).selectOption('support');
    await save.click();
    await told('保存しました。');
    const entry = page.locator('.history-rows li').first();
    await entry.getByText(`${grade}年わかば（特別支援学級）`).waitFor();
    await entry.getByText('試験 花子').waitFor();
    assert.deepEqual(await stored(), { name: 'わかば', kind: 'support', code: null, version: 2 });

    await page.getByLabel('学級の名前').fill('はるかぜ');
    await city.city.query(`update classes set name = 'あおば', code = 'C-7' where id = $1`, [of]);
    await save.click();
    await page.getByRole('alert').getByText(/まだ保存していません。ほかの人が先に/).waitFor();
    const beside = page.locator('.overtaken');
    await beside.getByText('あおば').waitFor();
    assert.equal(await page.getByLabel('学級の名前').inputValue(), 'はるかぜ', 'what was typed is still there');
    assert.equal(await page.getByLabel(/^学級コード/).inputValue(), 'C-7', 'what was not touched follows');
    await page.getByRole('button', { name: '保存されている内容に戻す' }).click();
    assert.equal(await page.getByLabel('学級の名前').inputValue(), 'あおば');
    await page.getByLabel('学級の名前').fill('はるかぜ');
    await save.click();
    await told('保存しました。');
    assert.deepEqual(await stored(), { name: 'はるかぜ', kind: 'support', code: 'C-7', version: 4 });

    await administrator.go(`/school/${at.a.id}/classes/${at.b.one.id}`);
    await page.getByRole('heading', { name: '表示できませんでした' }).waitFor();
});

test('5(1)カ 児童生徒の編集中にほかの人が保存しても、入力した内容は消えない', async () => {
    await go();
    await page.getByLabel('名', { exact: true }).fill('葵衣');
    await city.city.query(`update students set given_name = '碧', family_kana = 'よしだ', number = 88 where id = $1`, [child]);
    await page.getByRole('button', { name: '変更を保存する' }).click();
    await page.getByRole('alert').getByText(/まだ保存していません/).waitFor();
    await page.locator('.overtaken').getByText('碧').waitFor();
    assert.equal(await page.getByLabel('名', { exact: true }).inputValue(), '葵衣');
    assert.equal(await page.getByLabel('出席番号').inputValue(), '88');
    await page.getByRole('button', { name: '変更を保存する' }).click();
    await told('保存しました。');
    assert.deepEqual(await city.city.one('select given_name, number::int from students where id = $1', [child]), { given_name: '葵衣', number: 88 });
});

test('5(1)カ 保護者のお名前を学校が直し、前のお名前とともに変更の記録に残る', async () => {
    await go();
    const card = page.locator(`[data-account="${mother}"]`);
    await card.getByText('お名前・よみがなを直す').click();
    await card.getByLabel('保護者の姓のよみがな').fill('takahashi');
    await card.getByText('ふりがなは、ひらがなかカタカナで入れてください。').waitFor();
    await card.getByLabel('保護者の姓', { exact: true }).fill('髙橋');
    await card.getByLabel('保護者の姓のよみがな').fill('タカハシ');
    await card.getByRole('button', { name: /^お名前を保存する/ }).click();
    await told('髙橋 花子さんのお名前を保存しました。');
    const entry = page.locator('.history-rows li').filter({ hasText: '保護者のお名前の変更' });
    await entry.getByText(/^試験 花子（.*） → 髙橋 花子（たかはし .*）$/).waitFor();
    await entry.getByText(/学校$/).waitFor();
    const row = await city.city.one('select family_name, family_kana from accounts where id = $1', [mother]);
    assert.deepEqual(row, { family_name: '髙橋', family_kana: 'たかはし' });
});

for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`5(1)カ 児童生徒と操作の記録の画面は使える人を選ばない (${size})`, async () => {
        const person = await openAs(city, [{ role: 'administrator', school_id: at.a.id }], viewport);
        await person.go(`/school/${at.a.id}/students/${child}`);
        await person.page.getByText('お名前・よみがなを直す').first().click();
        await assertUsable(person, 'student');
        await person.go(`/school/${at.a.id}/audit`);
        await person.page.locator('.audit-row').first().waitFor();
        await assertUsable(person, 'audit');
        await person.go(`/school/${at.a.id}/students/new?class=${at.a.one.id}`);
        await person.page.getByRole('button', { name: '加える' }).click();
        await person.page.getByText('姓を入れてください。').waitFor();
        await assertUsable(person, 'new child');
        await person.go(`/school/${at.a.id}/classes/new`);
        await person.page.getByLabel('学級の名前').waitFor();
        await assertUsable(person, 'new class');
        await person.go(`/school/${at.a.id}/classes/${at.a.one.id}`);
        await person.page.locator('.history-rows li').first().waitFor();
        await assertUsable(person, 'class');
        await person.page.context().close();
        const board = await openAs(city, [{ role: 'board' }], viewport);
        await board.go('/city/audit');
        await board.page.locator('.audit-row').first().waitFor();
        await assertUsable(board, 'audit of the city');
        await board.page.context().close();
    });
}
