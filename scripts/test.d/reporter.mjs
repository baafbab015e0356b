// A reporter for node --test: "title <TAB> status" for each test that is not only a frame around others. The title of
// a test within another begins with that one's.
export default async function* reporter(source) {
    const frames = [];
    for await (const { type, data } of source) {
        if (type === 'test:start') frames[data.nesting] = data.name;
        if (type !== 'test:pass' && type !== 'test:fail') continue;
        if (data.details?.type === 'suite') {
            // A suite counts only when it failed by itself (a hook), not because a test in it did.
            const cause = data.details.error?.failureType;
            if (type !== 'test:fail' || cause === 'subtestsFailed') continue;
        }
        if (data.details?.error?.failureType === 'subtestsFailed') continue;
        // A file without a failing test of its own is reported as a test named by its path.
        if (type === 'test:pass' && data.nesting === 0 && data.name.endsWith('.test.mjs')) continue;
        const status = data.skip !== undefined || data.todo !== undefined ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
        const title = [...frames.slice(0, data.nesting), data.name].join(': ');
        yield `${title.replace(/[\t\n]/g, ' ')}\t${status}\n`;
    }
}
