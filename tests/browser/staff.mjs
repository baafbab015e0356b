// Staff at their screens whom the demonstration doesn't have: somebody of a role, signed in without the sign-in page.
import { account } from '../support/people.mjs';

/** roles as in people.mjs: [{ role, school_id, class_id }]. */
export async function openAs(city, roles, viewport) {
    const client = await city.city.as(await account(city.city, { roles }));
    const person = await city.nobody(viewport);
    person.page.setDefaultTimeout(30_000);
    const [name, value] = client.cookie.split('=');
    await person.page.context().addCookies([{ name, value, url: city.origin, secure: true, httpOnly: true }]);
    person.account = client.account;
    person.client = client;
    return person;
}

/** Sets off what opens the print dialog, and counts how often it did. */
export async function countPrints(page) {
    await page.addInitScript(() => {
        window.prints = 0;
        window.print = () => { window.prints += 1; };
    });
    return () => page.evaluate(() => window.prints);
}
