// What /proc says of processes: who belongs to whom, CPU seconds, memory.
import { readFileSync, readdirSync } from 'node:fs';

const TICK = 100; // USER_HZ: 100 on every Linux that todoke runs on
const PAGE = 4096;

const read = (path) => { try { return readFileSync(path, 'utf8'); } catch { return ''; } };
const list = (path) => { try { return readdirSync(path); } catch { return []; } };

export function children(pid) {
    return list(`/proc/${pid}/task`).flatMap((tid) =>
        read(`/proc/${pid}/task/${tid}/children`).split(' ').filter((word) => word.trim()).map(Number));
}
/** pid and all its descendants. */
export function tree(pid) {
    return [pid, ...children(pid).flatMap(tree)];
}

/** Nanoseconds on a CPU of a process's threads, and of the children that it has waited for. */
function cpuOf(pid) {
    let ns = 0;
    for (const tid of list(`/proc/${pid}/task`)) ns += Number(read(`/proc/${pid}/task/${tid}/schedstat`).split(' ')[0] || 0);
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ns + (Number(fields[13] || 0) + Number(fields[14] || 0)) * (1e9 / TICK);
}

/** User and system seconds of these processes, living descendants and reaped children included. */
export function cpu(pids) {
    const all = new Set(pids.flatMap(tree));
    let ns = 0;
    for (const pid of all) ns += cpuOf(pid);
    return ns / 1e9;
}

/** Bytes: the proportional set size (shared pages divided among their users) of these processes and their descendants. */
export function memory(pids) {
    let kib = 0;
    for (const pid of new Set(pids.flatMap(tree))) kib += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
    return kib * 1024;
}

/** Bytes that the kernel itself uses: its slab that can't be reclaimed (sockets, files, epoll items live there), and
 * what TCP has reserved for queued data. Of the whole machine: take the difference of two moments. */
export function kernelMemory() {
    const parts = kernelMemoryParts();
    return parts.slab + parts.tcp;
}
export function kernelMemoryParts() {
    const slab = Number(/^SUnreclaim:\s+(\d+)/m.exec(read('/proc/meminfo'))?.[1] ?? 0) * 1024;
    const tcp = Number(/^TCP:.* mem (\d+)/m.exec(read('/proc/net/sockstat'))?.[1] ?? 0) * PAGE;
    return { slab, tcp };
}

/** The machine's CPU time so far, in ticks, by kind. */
export function cpuKinds() {
    const [user, nice, system, idle, iowait, irq, softirq, steal] = read('/proc/stat').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
    return { user: user + nice, system: system + irq + softirq, idle, iowait, steal };
}
