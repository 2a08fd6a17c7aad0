import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutorClient } from '../../src/executor/client';
import { RunMode, RunStatus, type InputRuns } from '../../src/generated/azr/v1/executor';
import { SECRET } from './attacks';
import { objectionTo } from './expectation';
import type { PlannedCall } from './plan';

/** What a soak counts. */
export interface Tally {
  /** Inputs that were sent, those of calls that were cancelled too. */
  executions: number;
  /** Inputs without an answer, or with more than one. */
  lost: number;
  /** Inputs whose answer is not the right one. */
  wrong: number;
  attacks: number;
  cancelled: number;
  canaries: number;
  /** Canaries whose answer was not their own. */
  canariesWrong: number;
  /** For a person: what was lost or wrong, the first of them. */
  objections: string[];
}

export const emptyTally = (): Tally => ({
  executions: 0,
  lost: 0,
  wrong: 0,
  attacks: 0,
  cancelled: 0,
  canaries: 0,
  canariesWrong: 0,
  objections: [],
});

const LIMITS = { memoryMib: 128, outputBytes: 20_000 };
const CANARY_TIMEOUT_MS = 5_000;
const SHOWN = 20;

class GoneAway extends Error {}

/** Makes calls, some at a time, and holds the answers against what has to come of them. */
export class Lanes {
  constructor(
    private readonly client: ExecutorClient,
    private readonly count: number,
    private readonly tally: Tally,
  ) {}

  /** @param halfway called when half of the calls are under way */
  async play(calls: readonly PlannedCall[], halfway: () => void): Promise<void> {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < calls.length) {
        const index = next++;
        if (index === Math.floor(calls.length / 2)) halfway();
        await this.make(calls[index]!);
      }
    };
    await Promise.all(Array.from({ length: this.count }, lane));
  }

  private async make(call: PlannedCall): Promise<void> {
    const responses = await this.responsesTo(call);
    this.tally.executions += call.inputs.length;
    if (responses === undefined) this.tally.cancelled += 1;
    else call.inputs.forEach((_, i) => this.judge(call, i, responses));
    if (call.kind !== 'attack') return;
    this.tally.attacks += 1;
    await this.sendCanary();
  }

  /** Undefined if the caller went away before; none if the call failed. */
  private async responsesTo(call: PlannedCall): Promise<InputRuns[] | undefined> {
    const { program, runMode, timeoutMs, cancelAfterMs } = call;
    const request = { program, inputs: call.inputs.map(({ text }) => text), limits: { ...LIMITS, timeoutMs }, runMode };
    const caller = new AbortController();
    const answered = new AbortController();
    if (cancelAfterMs !== undefined) {
      const leave = delay(cancelAfterMs, undefined, { signal: answered.signal });
      leave.then(() => caller.abort(new GoneAway())).catch(() => undefined);
    }
    try {
      return await this.client.execute({ ...request, stopAtLimit: false }, caller.signal);
    } catch (error) {
      if (error instanceof GoneAway) return undefined;
      this.object(`${firstLines(program)}: ${String(error)}`);
      return [];
    } finally {
      answered.abort();
    }
  }

  private judge({ program, inputs, runMode }: PlannedCall, index: number, responses: InputRuns[]): void {
    const own = responses.filter(({ inputIndex }) => inputIndex === index);
    const { text, expected } = inputs[index]!;
    const isOurFault = own[0]?.runs.some(({ status }) => status === RunStatus.RUN_STATUS_UNAVAILABLE) ?? false;
    const objection = own.length === 1 && !isOurFault ? objectionTo(own[0]!, runMode, expected) : 'lost';
    if (objection === undefined) return;
    this.tally[objection === 'lost' ? 'lost' : 'wrong'] += 1;
    this.object(`f(${text.slice(0, SHOWN)}) of ${firstLines(program)}: ${objection}`);
  }

  /** A program with a secret in its text and in its input, which no later one may find. */
  private async sendCanary(): Promise<void> {
    const number = ++this.tally.canaries;
    const secret = `${SECRET}${number}`;
    const program = `def f(x):\n    return ['${secret}', x]`;
    const limits = { ...LIMITS, timeoutMs: CANARY_TIMEOUT_MS };
    const request = { program, inputs: [`'${secret}'`], limits, runMode: RunMode.RUN_MODE_ONCE, stopAtLimit: false };
    const responses = await this.client.execute(request).catch(() => []);
    if (responses[0]?.runs[0]?.output === `['${secret}', '${secret}']`) return;
    this.tally.canariesWrong += 1;
    this.object(`canary ${number}: ${JSON.stringify(responses)}`);
  }

  private object(objection: string): void {
    if (this.tally.objections.length < SHOWN) this.tally.objections.push(objection);
  }
}

const firstLines = (program: string): string => JSON.stringify(program.slice(0, 80));
