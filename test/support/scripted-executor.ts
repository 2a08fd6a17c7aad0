import type { ProgramAnalysis, ProgramExecutor, ProgramRun, ProgramShape, RunLimits } from '../../src/verifier/ports';

/** What was asked for in one call of `runAcross`. */
export interface ScriptedCall {
  program: string;
  inputs: readonly string[];
}

/** An executor that knows `x=x+n` programs and fails as it is told. */
export class ScriptedExecutor implements ProgramExecutor {
  /** Every call of `runAcross`, in order. */
  readonly calls: ScriptedCall[] = [];

  /**
   * @param runs the runs of a program on one input
   * @param analysis what to say of a program beside the plain reading below
   */
  constructor(
    private readonly runs: (program: string, input: string) => ProgramRun[] = addition,
    private readonly analysis: (program: string) => Partial<ProgramAnalysis> = () => ({}),
  ) {}

  analyze(program: string): Promise<ProgramAnalysis> {
    const entryProgram = program.includes('def f(') ? program : '';
    const withoutComments = entryProgram.replace(/ *#.*/g, '');
    return Promise.resolve({
      syntaxError: program.includes('?') ? 'invalid syntax' : '',
      imports: [...program.matchAll(/import (\w+)/g)].map((match) => match[1]!),
      names: [],
      statements: /\braise\b/.test(program) ? ['Raise'] : [],
      canonical: program.replaceAll(' ', ''),
      withoutNames: withoutComments.replace(/\b[a-eg-z]\b/g, '$$').replaceAll(' ', ''),
      seesHashes: false,
      seesAddresses: false,
      leavesNothingBehind: true,
      ignoresInput: /def f\(x\): return \d/.test(program),
      entryProgram,
      withoutComments,
      withoutGlobals: withoutComments.replace(/^\w+ *=.*\n/gm, ''),
      metrics: { cognitive: 0, cyclomatic: 1, volume: program.length, effort: program.length },
      ...this.analysis(program),
    });
  }

  skim(program: string): Promise<ProgramShape> {
    return this.analyze(program);
  }

  runAcross(
    program: string,
    inputs: readonly string[],
    { stopAtLimit }: RunLimits,
    isWorthMore?: (runs: readonly ProgramRun[][]) => boolean,
  ): Promise<ProgramRun[][]> {
    this.calls.push({ program, inputs });
    const runs = inputs.map((input) => this.runs(program, input));
    const last = stopAtLimit ? runs.findIndex((ofInput) => ofInput.some(isOver)) : -1;
    const all = runs.map((ofInput, i) => (last >= 0 && i > last ? [] : ofInput));
    const first = all.map((ofInput) => ofInput.slice(0, 2));
    return Promise.resolve(isWorthMore && !isWorthMore(first) ? first : all);
  }
}

const isOver = ({ status }: ProgramRun): boolean =>
  !['ok', 'exception', 'output_limit', 'invalid_output'].includes(status);

function addition(program: string, input: string): ProgramRun[] {
  const sum = Number(input) + Number(/x\+(\d+)/.exec(program)?.[1] ?? 0);
  return Array.from({ length: 3 }, () => ({ status: 'ok', output: String(sum) }));
}
