import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Waits until `condition` holds, for at most `boundMs`; whether it does. */
export async function eventually(condition: () => boolean, boundMs: number): Promise<boolean> {
  const deadline = Date.now() + boundMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Command lines of the live processes that name `text`. One that has ended but still stands in the table has none. */
export function processesNaming(text: string): string[] {
  return livePids()
    .map(commandLine)
    .filter((line) => line.includes(text));
}

/** Every live process that descends from `root`, with its start, which tells it from a later one of its number. */
export function descendantsOf(root: number): string[] {
  const parents = new Map(livePids().map((pid) => [pid, statOf(pid)?.parent]));
  const family = new Set([root]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (parent !== undefined && family.has(parent)) family.add(pid);
  }
  family.delete(root);
  return [...family].flatMap((pid) => identityOf(pid) ?? []);
}

/** Those of `identities` whose command line names `text`. */
export const pidsOf = (identities: readonly string[], text: string): number[] =>
  identities.map((identity) => Number(identity.split(' ')[0])).filter((pid) => commandLine(pid).includes(text));

/** The one of `identities` whose command line names `text`. */
export function pidOf(identities: readonly string[], text: string): number {
  const pids = pidsOf(identities, text);
  if (pids.length !== 1) throw new Error(`${pids.length} processes name ${text}`);
  return pids[0]!;
}

/** Those of `identities`, as `descendantsOf` gave them, that still live. */
export const survivors = (identities: readonly string[]): string[] =>
  identities.filter((identity) => identityOf(Number(identity.split(' ')[0])) === identity);

/** A process that is listed may have ended by now. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const livePids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function identityOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat && stat.state !== 'Z' ? `${pid} started ${stat.started}` : undefined;
}

function statOf(pid: number): { parent: number; state: string; started: string } | undefined {
  try {
    // The command's name, in parentheses, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    return { state: fields[0]!, parent: Number(fields[1]), started: fields[19]! };
  } catch {
    return undefined;
  }
}
