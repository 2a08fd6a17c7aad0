import type { ProgramAnalysis, ProgramExecutor, ProgramRun } from '../../src/verifier/ports';

/** An executor that knows `x=x+n` programs and fails as it is told. */
export class ScriptedExecutor implements ProgramExecutor {
  constructor(private readonly runs: (program: string, input: string) => ProgramRun[] = addition) {}

  analyze(program: string): Promise<ProgramAnalysis> {
    const broken = program.includes('?');
    return Promise.resolve({
      syntaxError: broken ? 'invalid syntax' : '',
      imports: [...program.matchAll(/import (\w+)/g)].map((match) => match[1]!),
      names: [],
      canonical: program.replaceAll(' ', ''),
      entryProgram: program.includes('def f(') ? program : '',
    });
  }

  runAcross(program: string, input: string): Promise<ProgramRun[]> {
    return Promise.resolve(this.runs(program, input));
  }
}

function addition(program: string, input: string): ProgramRun[] {
  const sum = Number(input) + Number(/x\+(\d+)/.exec(program)?.[1] ?? 0);
  return Array.from({ length: 3 }, () => ({ status: 'ok', output: String(sum) }));
}
