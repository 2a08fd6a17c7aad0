import { messageOf } from '../domain/errors';
import { ForkServer, type ForkServerOptions } from './fork-server';
import { Cause, RequestKind } from './frames';
import { tierOf, type Check, type JailReport } from './tiers';

const SIGSYS = 31;
const PROBE_LIMITS = { timeoutMs: 2_000, memoryMib: 64, frameBytes: 4_096 };

/**
 * Has a fork server attack its own jail, and says what held.
 * @param sandboxed see `ExecutorOptions`
 * @throws ServerLost
 */
export async function proveJail(server: ForkServer, sandboxed = false): Promise<JailReport> {
  const checks = [...server.report.checks];
  for (const number of server.report.probes.keys()) checks.push(await runProbe(server, number));
  return { tier: tierOf(checks, sandboxed), checks, pythonVersion: server.report.pythonVersion };
}

async function runProbe(server: ForkServer, number: number): Promise<Check> {
  const { name, layer, lethal } = server.report.probes[number]!;
  const payload = { calls: 1, depth: 0, outputLimit: 0, items: [String(number)] };
  const { frames, end } = await server.run({ kind: RequestKind.Probe, frames: 1, ...PROBE_LIMITS, payload });
  if (end.cause === Cause.Complete) {
    const { held, detail } = JSON.parse(frames[0]!.text) as Pick<Check, 'held' | 'detail'>;
    return { name, layer, held, detail };
  }
  const killed = end.cause === Cause.Signal && end.code === SIGSYS;
  const detail = killed ? 'killed by the filter' : `ended by ${Cause[end.cause]} ${end.code}`;
  return { name, layer, held: lethal && killed, detail };
}

/** What the jail can enforce on this host, for `azr doctor`; it throws nothing. */
export async function probeJail(python: string): Promise<JailReport> {
  const failed = (detail: string): JailReport => ({
    tier: undefined,
    checks: [{ name: 'start', layer: 'base', held: false, detail }],
    pythonVersion: '',
  });
  if (process.platform !== 'linux') return failed('the jail is made of parts of Linux; use a Linux container');
  const options: ForkServerOptions = { python, strongestTier: 1, group: 0, library: 'whole' };
  try {
    const server = await ForkServer.start(options);
    try {
      return await proveJail(server);
    } finally {
      await server.stop();
    }
  } catch (error) {
    return failed(messageOf(error));
  }
}
