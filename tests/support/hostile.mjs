// Values that must not get in, or only literally. Each text carries a mark, so that it can be looked for where it must not be.
export const MARK = 'zq7x';

/** Written into JSON as it stands: numbers that JavaScript can't hold, escapes that JSON.stringify would not make. */
export class Raw {
    constructor(text) { this.text = text; }
}

export const texts = [
    '', ' ', '　', `${MARK}`, `${MARK}\u0000`, `\u0007${MARK}\u001b[31m`, `${MARK}\u007f\u0085`, `\u202e${MARK}\u2066`, `\ufeff${MARK}\u200b`,
    `'; drop table accounts; -- ${MARK}`, `${MARK}' or '1'='1`, `\\'${MARK}$$ $1 :actor`, `${MARK}%s%n%00%27{{7*7}}\${7*7}`,
    `=cmd|'/c calc'!A0 ${MARK}`, `@${MARK}`, `+${MARK}`, `-${MARK}`, `\t=${MARK}`, `${MARK}\r\nSet-Cookie: a=b`, `${MARK}\nBcc: x@example.jp`,
    `<script>${MARK}</script>`, `../../../etc/passwd ${MARK}`, `𠮷髙﨑ゔ${MARK}`, `👨‍👩‍👧‍👦${MARK}`, `${MARK}ｆｕｌｌ１２３`, `${MARK}@еxample.jp`,
    `${MARK}@example.jp`, `"${MARK}" <a@b>, c@d`, '１２３', '0', '-1', '1e9', 'null', 'true', 'NaN', 'now', 'infinity', '{1,2}', '[]',
    '0001-01-01', '1900-01-01', '2199-12-31', '9999-12-31', '2026-02-30', '24:00', '00:00:00.0001', '00000000-0000-0000-0000-000000000000',
    MARK.repeat(60), `${MARK}${'学'.repeat(1001)}`, `${MARK}${'x'.repeat(30_000)}`,
];
export const others = [
    null, true, false, 0, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53, 1e300,
    new Raw('9223372036854775807'), new Raw('9223372036854775808'), new Raw('-9223372036854775808'), new Raw('1e999'), new Raw('-0'), new Raw('01'),
    new Raw('"\\ud800"'), new Raw('"\\u0000"'), [], {}, [null], [[]], [{}], { a: 1 }, [1, 1], Array(1000).fill(1), [`${MARK}`, -1, 2 ** 40],
    new Raw(`${'['.repeat(200)}${']'.repeat(200)}`),
];

/** JSON text of a map of values, Raw ones as they stand. */
export const jsonOf = (map) =>
    `{${Object.entries(map).map(([name, value]) => `${JSON.stringify(name)}:${value instanceof Raw ? value.text : JSON.stringify(value)}`).join(',')}}`;

/** Bodies that are wrong as a whole. */
export const bodies = ['', '{', '[]', '"x"', 'null', '1', `{"${MARK}":1}`, '{"__proto__":{}}', `{"a":1,"a":2}`, '\u0000', `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`]
    .map((text) => Buffer.from(text)).concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from([0xed, 0xa0, 0x80])]);

/** Files that are none. */
export const files = [Buffer.alloc(0), Buffer.from([0]), Buffer.alloc(5000, 0xff), Buffer.from(`PK\u0003\u0004${MARK}`), Buffer.from(`"${MARK}`),
    Buffer.from(`\ufeffa,b\r\n=${MARK},\u0000`), Buffer.from(','.repeat(20_000)), Buffer.from('\n'.repeat(20_000)), Buffer.from(MARK.repeat(100_000))];
