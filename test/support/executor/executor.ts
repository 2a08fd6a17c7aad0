import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ExecutorClient } from '../../../src/executor/client';
import { Executor, type ExecutorOptions } from '../../../src/executor/executor';
import { ExecutorAdapter } from '../../../src/executor/executor-adapter';
import { RunMode, type InputRuns, type ExecutionLimits, type Run } from '../../../src/generated/azr/v1/executor';

/** The interpreter of the virtual environment, without the environment. */
export const PYTHON = realpathSync(join(__dirname, '../../../trainer-bridge/.venv/bin/python'));

/** Short, so that hanging programs cost little, and long enough for a busy machine. */
export const TIMEOUT_MS = 1_000;

export interface RunOptions {
  runMode?: RunMode;
  limits?: Partial<ExecutionLimits>;
  signal?: AbortSignal;
}

/** An executor in this process, on a free port, and its clients. */
export class TestExecutor {
  private constructor(
    readonly executor: Executor,
    readonly client: ExecutorClient,
    /** As verifiers have it. */
    readonly adapter: ExecutorAdapter,
  ) {}

  static async start(options: Partial<ExecutorOptions> = {}): Promise<TestExecutor> {
    const executor = await Executor.start({ address: '127.0.0.1:0', python: PYTHON, ...options });
    const { address } = executor;
    return new TestExecutor(executor, new ExecutorClient(address), new ExecutorAdapter(address));
  }

  respond(program: string, inputs: string[], { runMode, limits, signal }: RunOptions = {}): Promise<InputRuns[]> {
    const request = {
      program,
      inputs,
      limits: { timeoutMs: TIMEOUT_MS, memoryMib: 0, outputBytes: 0, ...limits },
      runMode: runMode ?? RunMode.RUN_MODE_ONCE,
    };
    return this.client.execute(request, signal);
  }

  /** The runs of one input. */
  async runs(program: string, input: string, options?: RunOptions): Promise<Run[]> {
    const [response] = await this.respond(program, [input], options);
    return response!.runs;
  }

  /** The only run of one input. */
  async run(program: string, input = '', options?: RunOptions): Promise<Run> {
    const [run] = await this.runs(program, input, options);
    return run!;
  }

  async stop(): Promise<void> {
    this.client.close();
    this.adapter.close();
    await this.executor.stop();
  }
}

/** Process ids of all that descends from `pid`, in no order. */
export function descendants(pid: number = process.pid): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap((child) => descendants(child))];
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'));
    return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}
