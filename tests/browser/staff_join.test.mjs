// Members of staff come in: by their invitation's code, and with the account of their organisation (a real provider).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { oidcFile, openProvider } from '../support/provider.mjs';
import { account } from '../support/people.mjs';
import { openAs } from './staff.mjs';
import { DESK, openCity, PHONE } from './support.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
let town, provider, administrator, school;

before(async () => {
    provider = await openProvider();
    town = await openCity({ args: ['--oidc', oidcFile([provider.entry('board', { label: '教育委員会のアカウント', second_factor: true })])] });
    await provider.listen(`${town.city.origin}/signin/oidc`, ['board'], { keep: true });
    school = await town.city.one('select id, name from schools order by id limit 1');
    administrator = await town.city.as(await account(town.city, { roles: [{ role: 'administrator', school_id: school.id }] }));
});
after(async () => {
    provider.close();
    await town.close();
});

const invite = (email) => administrator.post('/api/staff-invitations', {
    school_id: school.id, role: 'office', family_name: '招待', given_name: '花子', family_kana: 'しょうたい', given_kana: 'はなこ', ...(email ? { email } : {}) });

/** Nothing wider than the window, targets of 44 px, and what axe finds. */
async function holds({ page }) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than the window`);
    const small = await page.evaluate(() => [...document.querySelectorAll('main button, main a, main input:not([type=checkbox])')]
        .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width && box.height < 44).map(([one]) => one.outerHTML.slice(0, 100)));
    assert.deepEqual(small, [], 'lower than 44 px');
    await page.evaluate(axe);
    const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), []);
}
const shot = (page, name) => process.env.TODOKE_SHOTS && page.screenshot({ path: `${process.env.TODOKE_SHOTS}/${name}.png`, fullPage: true });

for (const [size, view] of [['phone', PHONE], ['desk', DESK]]) {
    test(`5(1)オ 招待コードから教職員の登録、二段階認証の登録へ (${size})`, async () => {
        const { code } = await invite();
        const person = await town.nobody(view);
        const { page } = person;
        await person.go('/staff-join#AAAA-BBBB-CCCC');
        await page.getByRole('alert').waitFor();
        assert.equal(new URL(page.url()).hash, '', 'the code leaves the address bar');
        await holds(person);
        await shot(page, `code-${size}`);
        await page.getByLabel('招待コード').fill(code.toLowerCase());
        await page.getByRole('button', { name: '次へ' }).click();
        await page.getByText(school.name).waitFor();
        await page.getByText('招待 花子').waitFor();
        await holds(person);
        await shot(page, `found-${size}`);
        await page.getByLabel('新しいパスワード').fill('password1');
        await page.getByRole('button', { name: '登録する' }).click();
        await page.getByRole('alert').filter({ hasText: '当てられやすい' }).waitFor();
        await page.getByLabel('新しいパスワード').fill('tulip-Fence-73');
        await page.getByRole('button', { name: '登録する' }).click();
        await page.getByRole('heading', { name: '登録しました' }).waitFor({ timeout: 60_000 });
        assert.match(await page.locator('.secret code').innerText(), /^[a-z]{4}\d{4}$/);
        await holds(person);
        await shot(page, `done-${size}`);
        await page.getByRole('button', { name: '次へ進む' }).click();
        await page.getByRole('img', { name: '認証アプリに読み取らせる図' }).waitFor({ timeout: 60_000 });
        assert.deepEqual(person.errors, []);
    });

    test(`5(1)オ 組織のアカウントでログインする (${size})`, async () => {
        const login = `miki-${size}`;
        const email = `${login}@school.example`;
        await invite(email);
        provider.people[login] = { email, email_verified: true };
        const person = await town.nobody(view);
        const { page } = person;
        await person.go('/signin');
        await page.getByRole('button', { name: '教育委員会のアカウントでログイン' }).waitFor();
        await holds(person);
        await shot(page, `signin-${size}`);
        await page.getByRole('button', { name: '教育委員会のアカウントでログイン' }).click();
        await page.locator('input[name=login]').fill(login);
        await page.locator('input[name=password]').fill('any');
        await page.locator('button[type=submit]').click();
        await page.locator('button[type=submit]').filter({ hasText: /continue/i }).click();
        await page.waitForURL((url) => url.pathname === `/school/${school.id}`, { timeout: 30_000 });
        assert.deepEqual(person.errors, []);
    });
}

test('5(1)オ ログインしている人は、招待コードをそのまま受け取れる', async () => {
    const other = await town.city.one('select id from schools where id <> $1 order by id limit 1', [school.id]);
    const person = await openAs(town, [{ role: 'teacher', school_id: other.id }], PHONE);
    const { page } = person;
    const { code } = await invite();
    await person.go(`/staff-join#${code}`);
    await page.getByText(school.name).waitFor();
    await page.reload();
    await page.getByText(/試験 花子/).last().waitFor();
    await holds(person);
    await page.getByRole('button', { name: '招待を受ける' }).click();
    await page.waitForURL((url) => url.pathname !== '/staff-join');
    const roles = await town.city.query('select role from staff_roles where account_id = $1 order by role', [person.account]);
    assert.deepEqual(roles.map((one) => one.role), ['office', 'teacher']);
    await person.go('/staff-join');
    assert.equal(await page.getByLabel('招待コード').inputValue(), '', 'the code is not kept');
    assert.deepEqual(person.errors, []);
});

test('5(1)オ 登録のない組織のアカウント、途中でやめたログインは、次にすることを言う', async () => {
    const person = await town.nobody(PHONE);
    const { page } = person;
    await person.go('/signin/oidc?error=access_denied&state=x');
    await page.getByRole('alert').filter({ hasText: 'はじめから' }).waitFor();
    assert.equal(new URL(page.url()).search, '');
    await holds(person);
    await page.getByRole('link', { name: 'ログインの画面へ戻る' }).click();
    provider.people.nobody = { email: 'nobody@school.example', email_verified: true };
    await page.getByRole('button', { name: '教育委員会のアカウントでログイン' }).click();
    await page.locator('input[name=login]').fill('nobody');
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').filter({ hasText: /continue/i }).click();
    await page.getByRole('alert').filter({ hasText: '教職員登録が見つかりません' }).waitFor();
    assert.equal(new URL(page.url()).search, '', 'code and state leave the address bar');
});
