import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick, the unit of /proc/PID/stat on every Linux. */
const TICK_MS = 10;
const KIB_A_MIB = 1024;

/** A process as /proc shows it now. */
export interface ProcessSample {
  pid: number;
  parent: number;
  /** CPU time of its own, milliseconds in steps of 10. */
  cpuMs: number;
  /** CPU time of its descendants that have ended and were waited for; with `cpuMs`, each is counted once in a tree. */
  endedCpuMs: number;
  residentMiB: number;
  /** Open file descriptors; undefined where the kernel shows them to root alone, as those of a fork server. */
  descriptors: number | undefined;
}

/** The process `root` and all that descends from it, root first; without zombies, and empty if it is gone. */
export function processTree(root: number): ProcessSample[] {
  const own = sampleOf(root);
  return own === undefined ? [] : [own, ...childrenOf(root).flatMap(processTree)];
}

/** Children of every thread of a process. */
export function childrenOf(pid: number): number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const lists = threads.map((thread) => attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')));
  return lists.flatMap((list = '') => list.split(' ').filter(Boolean).map(Number));
}

function sampleOf(pid: number): ProcessSample | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'utf8'));
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  if (stat === undefined || resident === undefined) return undefined;
  // The command's name, in parentheses, may hold anything; state and parent follow it.
  const fields = stat.replace(/^.*\)/s, '').trim().split(' ');
  const ticks = fields.slice(11, 15).map((field) => Number(field) * TICK_MS);
  return {
    pid,
    parent: Number(fields[1]),
    cpuMs: ticks[0]! + ticks[1]!,
    endedCpuMs: ticks[2]! + ticks[3]!,
    residentMiB: Number(resident) / KIB_A_MIB,
    descriptors: attempt(() => readdirSync(`/proc/${pid}/fd`).length),
  };
}

/** A process may end, or be none of ours, while it is looked at. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(code)) return undefined;
    throw error;
  }
}
