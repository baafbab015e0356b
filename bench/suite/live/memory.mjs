// Bytes that idle sockets cost the server's side: its processes, and its half of what the kernel keeps.
//
// Both ends of every socket are on this machine, and each end is the same to the kernel: a TCP socket, a file, an inode,
// a directory entry, an epoll item, nothing queued. So half of the kernel's growth is the server's. Of page tables only
// the server's own are counted. Read as: /proc/PID/smaps_rollup (Pss), /proc/meminfo (Slab: sock_inode_cache and dentries
// are in its reclaimable part, which is not reclaimed as long as a socket is open), /proc/net/sockstat (TCP mem).
import { readFileSync } from 'node:fs';

const field = (path, pattern) => {
    try { return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0); } catch { return 0; }
};

export function snapshot(kit, subject) {
    return {
        process: subject.memory(),
        tables: subject.pids().reduce((sum, pid) => sum + field(`/proc/${pid}/status`, /^VmPTE:\s+(\d+)/m) * 1024, 0),
        slab: field('/proc/meminfo', /^Slab:\s+(\d+)/m) * 1024,
        queues: field('/proc/net/sockstat', /^TCP:.* mem (\d+)/m) * 4096,
    };
}

/** Bytes for one socket of `count`. */
export function perSocket(before, after, count) {
    const grown = (name) => after[name] - before[name];
    const parts = { process: grown('process') / count, kernel: (grown('tables') + (grown('slab') + grown('queues')) / 2) / count };
    return { ...parts, all: parts.process + parts.kernel };
}
