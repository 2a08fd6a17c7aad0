import { readFileSync } from 'node:fs';

/**
 * How long a fork server's child has been runnable without a core since it was forked, milliseconds: what its clock has
 * lost to other processes. Undefined where the kernel does not say (`CONFIG_SCHEDSTATS`, `CONFIG_PROC_CHILDREN`).
 * @param server process id of the fork server, or of what guards it
 */
export function waitedForCore(server: number): number | undefined {
  try {
    const [, waitedNs] = readFileSync(`/proc/${youngest(server)}/schedstat`, 'utf8').split(' ');
    const waited = Number(waitedNs) / 1e6;
    return Number.isFinite(waited) ? waited : undefined;
  } catch {
    return undefined;
  }
}

/** The last of a line of descent: a fork server has one child, and that has none. */
function youngest(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return child ? youngest(Number(child)) : pid;
}
