// ZIP archives by another's hand than the server's: read and made with node:zlib alone (APPNOTE 4.3, stored or deflated).
import { crc32 as crc, deflateRawSync, inflateRawSync } from 'node:zlib';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let i = 0; i < 8; i++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
});
const crc32 = crc ?? ((bytes) => ~bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), ~0) >>> 0);

/** name -> Buffer. */
export function unzip(bytes) {
    const files = new Map();
    const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    for (let at = bytes.readUInt32LE(end + 16), n = bytes.readUInt16LE(end + 10); n > 0; n--) {
        const [method, packed, names, extra, comment, local] = [
            bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
        const name = bytes.subarray(at + 46, at + 46 + names).toString();
        const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
        const body = bytes.subarray(from, from + packed);
        files.set(name, method === 8 ? inflateRawSync(body) : body);
        at += 46 + names + extra + comment;
    }
    return files;
}

/** [[name, text or Buffer], ...] -> Buffer. Options: flags (1: encrypted), method (what the header claims), size (what it claims). */
export function zip(files, { flags = 0x800, method = 8, size } = {}) {
    const locals = [], centrals = [];
    let offset = 0;
    for (const [name, content] of files) {
        const body = Buffer.from(content);
        const packed = method === 0 ? body : deflateRawSync(body);
        const head = Buffer.alloc(26);
        head.writeUInt16LE(20, 0);
        head.writeUInt16LE(flags, 2);
        head.writeUInt16LE(method, 4);
        head.writeUInt32LE(0x00210000, 6);
        head.writeUInt32LE(crc32(body), 10);
        head.writeUInt32LE(packed.length, 14);
        head.writeUInt32LE(size ?? body.length, 18);
        head.writeUInt16LE(Buffer.byteLength(name), 22);
        const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed]);
        const tail = Buffer.alloc(14);
        tail.writeUInt32LE(offset, 10);
        centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, tail, Buffer.from(name));
        locals.push(local);
        offset += local.length;
    }
    const central = Buffer.concat(centrals);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(files.length, 8);
    end.writeUInt16LE(files.length, 10);
    end.writeUInt32LE(central.length, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...locals, central, end]);
}

/** RFC 4180, by a rule of its own: quotes hold commas, line ends and "" for a quote. -> [[cell, ...], ...] */
export function recordsOf(text) {
    const records = [[]];
    let cell = '', quoted = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i];
        else if (c === '"') quoted = !quoted;
        else if (!quoted && (c === ',' || c === '\n')) {
            records.at(-1).push(cell);
            cell = '';
            if (c === '\n') records.push([]);
        } else if (quoted || c !== '\r') cell += c;
    }
    records.pop();
    return records;
}

const plain = (xml) => xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** The cells of an unzipped workbook's nth sheet (ECMA-376 18.3): inline strings and numbers, as texts. */
export function cellsOf(book, nth) {
    const xml = book.get(`xl/worksheets/sheet${nth}.xml`).toString();
    return [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
        const cells = [];
        for (const [, column, attributes, content] of row.matchAll(/<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
            const at = [...column].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
            cells[at] = /t="inlineStr"/.test(attributes) ? plain(/<t[^>]*>(.*?)<\/t>/s.exec(content)?.[1] ?? '') : (/<v>(.*?)<\/v>/.exec(content ?? '')?.[1] ?? '');
        }
        return Array.from(cells, (cell) => cell ?? '');
    });
}
