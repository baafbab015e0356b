// The mornings of a school year, and the worst one.
import { morning } from './_morning.mjs';

const about = (who) => `${who} All classes, all schools and the board have their live screen open. `
    + 'Each guardian of a child gets the confirmation meanwhile, by Web Push or by mail. '
    + 'Afterwards the database is asked for each report that was acknowledged, and what arrived is counted for each guardian.';
const everyone = 'Every guardian opens the app on a connection of her own (TLS), looks at her children, and reports an absence.';
// Two in five of those who use such a system on a day do so between seven and half past eight.
const some = (words) => `Two guardians in five open the app on a connection of their own (TLS) and look at their children; ${words} report an absence.`;

/** comes, reports: parts of the city's children. Real time is `minutes`; here it passes `faster` times as fast. */
const day = ({ name, title, who, comes, reports, minutes, faster, ackLimit, compare }) => ({
    name, title, order: 20, seconds: ((minutes * 60) / faster + 20) * (compare ? 2 : 1) + (reports * 60), about: about(who),
    run: (kit) => {
        const speed = kit.factor ?? faster;
        const guardians = Math.round(comes * kit.students), reporting = Math.round(reports * kit.students);
        return morning(kit, {
            ackLimit, compare, flags: ['--guardians', guardians, '--reports', reporting, '--seconds', (minutes * 60) / speed],
            said: `${guardians} guardians come, ${reporting} report; ${minutes} minutes of life, played ${speed} times as fast`,
        });
    },
});

export default [
    day({ name: 'morning', title: 'The worst minute: all 29,000 report within one minute', who: everyone, comes: 1, reports: 1, minutes: 90, faster: 90, compare: true }),
    day({ name: 'morning-quarter', title: 'All 29,000 report within 15 minutes', who: everyone, comes: 1, reports: 1, minutes: 15, faster: 6, ackLimit: 300 }),
    day({ name: 'morning-normal', title: 'A normal day: 4 % report', who: some('four in a hundred'), comes: 0.42, reports: 0.04, minutes: 90, faster: 180, compare: true }),
    day({ name: 'morning-influenza', title: 'A day of influenza: 15 % report', who: some('fifteen in a hundred'), comes: 0.42, reports: 0.15, minutes: 90, faster: 120 }),
];
