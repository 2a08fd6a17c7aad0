import { setTimeout as sleep } from 'node:timers/promises';
import { ExecutorAdapter } from '../executor/executor-adapter';
import { RunMode, RunStatus } from '../generated/azr/v1/executor';
import type { Fault } from './play';
import { executorProcesses, type ExecutorProcesses } from './processes';
import { TimedClient } from './timed-client';

/**
 * What is run after each case, and before the first: one program for each kind of fork server. Cases look in memory for
 * the mark, which no program should find that another has held.
 */
const MARK = 'CANARY_PREVIOUS_REQUEST';
const CANARIES = [
  `def f(xs):  # ${MARK}\n    return sorted(str(x) for x in xs)`,
  `import math\ndef f(xs):  # ${MARK}\n    return sorted(str(math.floor(x)) for x in xs)`,
];
const INPUT = `[3, 1, 2]  # ${MARK}`;
const VALUE = "['1', '2', '3']";

/** How long what has ended may stand in the table of processes. */
const SETTLE_MS = 2_000;
const POLL_MS = 10;

/** An executor under test. One case uses it at a time. */
export class Bench {
  readonly client: TimedClient;
  /** The same executor, as the verifier knows it. */
  readonly adapter: ExecutorAdapter;
  /** Those that were there when this was last looked at. */
  private servers: string[] = [];
  /** Processes below a fork server that runs nothing; the jail makes them. */
  private belowOne = 0;

  private constructor(readonly address: string) {
    this.client = new TimedClient(address);
    this.adapter = new ExecutorAdapter(address, undefined, this.client);
  }

  /** @param address of an executor that is a child of this process. @throws PartUnavailable */
  static async open(address: string): Promise<Bench> {
    const bench = new Bench(address);
    await bench.canaryFaults();
    const { servers } = bench.processes();
    bench.servers = [...servers.keys()];
    bench.belowOne = Math.min(...servers.values());
    return bench;
  }

  /** What the jail was proved to hold. @throws PartUnavailable */
  async tier(): Promise<number> {
    return (await this.client.capabilities()).tier;
  }

  close(): void {
    this.client.close();
  }

  /** What canaries that run now do not give. @throws PartUnavailable */
  async canaryFaults(): Promise<Fault[]> {
    const faults: Fault[] = [];
    for (const program of CANARIES) {
      const request = { program, inputs: [INPUT], limits: undefined, runMode: RunMode.RUN_MODE_ACROSS };
      const [response] = await this.client.execute(request);
      const runs = response?.runs ?? [];
      if (runs.length > 0 && runs.every(({ status, output }) => status === RunStatus.RUN_STATUS_OK && output === VALUE))
        continue;
      const got = runs.map(({ status, output, detail }) => `${RunStatus[status]} ${output}${detail}`).join(', ');
      faults.push({ expected: `a canary that gives ${VALUE} afterwards`, got });
    }
    return faults;
  }

  /** What may be the doing of the case, since this was asked last: calls that took too long, and other processes. */
  async doubts(): Promise<Fault[]> {
    return [...this.client.takeDelays(), ...(await this.processFaults())];
  }

  /** What the executor has lost, and what a program has left. The executor may have begun further fork servers. */
  private async processFaults(): Promise<Fault[]> {
    const deadline = performance.now() + SETTLE_MS;
    let changes = this.changes();
    while (changes.ended + changes.left > 0 && performance.now() < deadline) {
      await sleep(POLL_MS);
      changes = this.changes();
    }
    const { ended, left, servers } = changes;
    const got = `${ended} of ${this.servers.length} fork servers have ended, and ${left} processes are left`;
    this.servers = servers;
    return ended + left === 0 ? [] : [{ expected: 'every fork server there afterwards, and nothing else', got }];
  }

  private changes(): { ended: number; left: number; servers: string[] } {
    const { servers, strays } = this.processes();
    const isWhole = (server: string): boolean => (servers.get(server) ?? -1) >= this.belowOne;
    return {
      ended: this.servers.filter((server) => !isWhole(server)).length,
      left: [...servers.values()].reduce((sum, below) => sum + Math.max(0, below - this.belowOne), strays),
      servers: [...servers.keys()],
    };
  }

  private processes(): ExecutorProcesses {
    return executorProcesses(this.address.replace(/^unix:/, ''));
  }
}
