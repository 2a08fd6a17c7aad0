import { hiddenPairs } from '../../../src/domain/task/task';
import { processTree } from '../../support/process-tree';
import { DEPTH, type BaselineDriver } from './baseline-driver';
import { answered, type Part, type Round, type RoundTask } from './round';
import type { Side } from './side';

/** The released trainer's way, once for each driver; each takes the next task when it is done with one. */
export class BaselineSide implements Side {
  private round: Round = [];

  /** @param limitMs of one run */
  constructor(
    readonly name: string,
    private readonly drivers: readonly BaselineDriver[],
    private readonly limitMs: number,
  ) {}

  async load(round: Round): Promise<void> {
    this.round = round;
    const request = { load: round.map(payloadOf), limit: this.limitMs / 1000 };
    await Promise.all(this.drivers.map((driver) => driver.ask(request)));
  }

  async run(part: Part): Promise<number> {
    const chosen = new Set(part === 'validate' ? this.round : answered(this.round, part));
    const queue = [...this.round.entries()].filter(([, task]) => chosen.has(task));
    let wrong = 0;
    const work = async (driver: BaselineDriver): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [index, task] = next;
        const right = part === 'validate' ? [task.accepted] : task.answers.map((answer) => answer.right);
        const verdicts = await driver.ask({ [part === 'validate' ? 'validate' : 'score']: index });
        wrong += verdicts.filter((verdict, i) => verdict !== right[i]).length;
      }
    };
    await Promise.all(this.drivers.flatMap((driver) => Array.from({ length: DEPTH }, () => work(driver))));
    return wrong;
  }

  cpu(): Record<string, number> {
    const trees = this.drivers.map(({ pid }) => processTree(pid));
    const cpuOf = ({ cpuMs, endedCpuMs }: { cpuMs: number; endedCpuMs: number }): number => cpuMs + endedCpuMs;
    const sum = (samples: Parameters<typeof cpuOf>[0][]): number =>
      samples.reduce((total, sample) => total + cpuOf(sample), 0);
    return {
      trainer: sum(trees.map(([driver]) => driver!)),
      workers: sum(trees.flatMap(([, ...workers]) => workers)),
    };
  }
}

/** Texts alone: the released trainer reads them out of a response with a few regular expressions. */
function payloadOf(task: RoundTask): object {
  const { type, program, pairs, answers } = task;
  const [first] = pairs;
  return {
    type,
    program,
    inputs: (type === 'induction' ? pairs : [first!]).map(({ input }) => input),
    gold: first!.output,
    hidden: hiddenPairs(task).map(({ input, output }) => [input, output]),
    answers: answers.map(({ text }) => text),
  };
}
