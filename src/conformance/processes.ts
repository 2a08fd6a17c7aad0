import { readdirSync, readFileSync } from 'node:fs';

/** What belongs to an executor. */
export interface ExecutorProcesses {
  /** For each fork server, a child of the executor, the number of processes below it. */
  servers: Map<string, number>;
  /** Processes of its session that have lost their parent. */
  strays: number;
}

interface Running {
  pid: number;
  parent: number;
  session: number;
  /** Tells it from a later one of its number. */
  identity: string;
}

/** The processes of the executor that listens on `socket`, a child of this process with a session of its own. */
export function executorProcesses(socket: string): ExecutorProcesses {
  const all = runningProcesses();
  const isExecutor = ({ pid }: Running): boolean => textOf(`/proc/${pid}/cmdline`).includes(socket);
  const executor = all.filter(({ parent }) => parent === process.pid).find(isExecutor)?.pid;
  if (executor === undefined) return { servers: new Map(), strays: 0 };
  const below = (pid: number): Running[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  const family = new Set([executor, ...below(executor).map(({ pid }) => pid)]);
  return {
    servers: new Map(
      all.filter(({ parent }) => parent === executor).map(({ pid, identity }) => [identity, below(pid).length]),
    ),
    strays: all.filter(({ pid, session }) => session === executor && !family.has(pid)).length,
  };
}

const runningProcesses = (): Running[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => runningProcess(Number(name)) ?? []);

/** @returns undefined where it has ended */
function runningProcess(pid: number): Running | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  // The name, in parentheses, may hold anything; state, parent, group, session and, as the 22nd, the start follow it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(fields[1]), session: Number(fields[3]), identity: `${pid} started ${fields[19]}` };
}

/** Empty where the process has ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
