import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { RunMode, type ExecuteRequest, type ExecuteResponse, type Execution } from '../generated/azr/v1/executor';
import { GatheredExecutions } from './gathered-executions';

const BOUND_MS = 1_000;

const execution = (program: string): Execution => ({
  program,
  inputs: ['1'],
  limits: undefined,
  runMode: RunMode.RUN_MODE_ONCE,
  stopAtLimit: false,
});

/** A call that the test answers. */
class Call extends PassThrough {
  isCancelled = false;

  constructor(readonly programs: string[]) {
    super({ objectMode: true });
  }

  answer(executionIndex: number, change: Partial<ExecuteResponse> = {}): void {
    this.write({ executionIndex, inputs: [{ inputIndex: 0, runs: [] }], isLast: true, ...change });
  }

  cancel(): void {
    this.isCancelled = true;
    this.destroy(new Error('cancelled'));
  }
}

function gathered(enough: number): { calls: Call[]; add: (program: string, signal?: AbortSignal) => Promise<number> } {
  const calls: Call[] = [];
  const execute = ({ executions }: ExecuteRequest): Call => {
    calls.push(new Call(executions.map(({ program }) => program)));
    return calls.at(-1)!;
  };
  const executions = new GatheredExecutions({ execute } as never, enough);
  const add = async (program: string, signal?: AbortSignal): Promise<number> =>
    (await executions.add(execution(program), BOUND_MS, signal)).length;
  return { calls, add };
}

describe('gathered executions', () => {
  it('go at once, and together, while the executor has little to do', async () => {
    const { calls, add } = gathered(2);
    const answers = [add('a'), add('b')];
    await turn();
    expect(calls.map(({ programs }) => programs)).toEqual([['a', 'b']]);
    calls[0]!.answer(1);
    calls[0]!.answer(0);
    expect(await Promise.all(answers)).toEqual([1, 1]);
  });

  it('wait for company while it has enough to do', async () => {
    const { calls, add } = gathered(2);
    const first = [add('a'), add('b')];
    await turn();
    void add('c');
    await turn();
    void add('d');
    await turn();
    expect(calls).toHaveLength(1);
    calls[0]!.answer(0);
    await first[0];
    await turn();
    expect(calls[1]!.programs).toEqual(['c', 'd']);
  });

  it('do not wait once there are enough for a call', async () => {
    const { calls, add } = gathered(1);
    void add('a');
    await turn();
    for (const program of 'bcdefghij') void add(program);
    await turn();
    expect(calls.map(({ programs }) => programs.join(''))).toEqual(['a', 'bcdefghi']);
  });

  it('fail alone where one is refused, and together where the call fails', async () => {
    const { calls, add } = gathered(3);
    const answers = Promise.allSettled([add('a'), add('b'), add('c')]);
    await turn();
    calls[0]!.answer(0);
    calls[0]!.answer(1, { inputs: [], error: { code: status.INVALID_ARGUMENT, message: 'no' } });
    await turn();
    calls[0]!.destroy(new Error('gone'));
    expect(await answers).toEqual([
      { status: 'fulfilled', value: 1 },
      {
        status: 'rejected',
        reason: expect.objectContaining({ code: status.INVALID_ARGUMENT, details: 'no' }) as Error,
      },
      { status: 'rejected', reason: expect.objectContaining({ message: 'gone' }) as Error },
    ]);
  });

  it('fail where the client was closed before they were sent', async () => {
    const execute = (): never => {
      throw new Error('Channel has been shut down');
    };
    const executions = new GatheredExecutions({ execute } as never, 1);
    await expect(executions.add(execution('a'), BOUND_MS)).rejects.toThrow('Channel has been shut down');
  });

  it('are cancelled with their signal, those of others are not', async () => {
    const { calls, add } = gathered(2);
    const own = new AbortController();
    const left = expect(add('a', own.signal)).rejects.toThrow('enough');
    const other = add('b');
    await turn();
    const waiting = expect(add('c', own.signal)).rejects.toThrow('enough');
    await turn();
    expect(calls.map(({ programs }) => programs)).toEqual([['a'], ['b']]);
    own.abort(new Error('enough'));
    await Promise.all([left, waiting]);
    expect(calls.map(({ isCancelled }) => isCancelled)).toEqual([true, false]);
    calls[1]!.answer(0);
    expect(await other).toBe(1);
  });
});
