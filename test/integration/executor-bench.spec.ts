import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSpec } from '../../src/config/resolve-spec';
import { Closers } from '../../src/control-plane/closers';
import { runBenchmark, type BenchmarkResult } from '../bench/executor/benchmark';
import { asJson, asText } from '../bench/executor/report';

const SHIPPED = join(__dirname, '../bench/executor/tasks.jsonl');
const KEYS = ['deduction', 'abduction', 'induction', 'validate', 'whole'];

describe('a short run of the benchmark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'azr-bench-'));
  const closers = new Closers();
  let result: BenchmarkResult;

  beforeAll(async () => {
    const tasks = join(folder, 'tasks.jsonl');
    const [first, , , , , imports] = readFileSync(SHIPPED, 'utf8').split('\n');
    const untrue = { type: 'deduction', program: 'def f(x):\n    return x + 1', input: '1', output: '3' };
    const program = 'def f(xs, n):\n    return xs[:1] + [n]';
    const triplet = { ...untrue, program, input: '[3, 4], 5', output: '[3, 5]' };
    writeFileSync(tasks, [first, imports, JSON.stringify(untrue), JSON.stringify(triplet)].join('\n'));
    const { spec } = resolveSpec({ preset: 'azr-coder-7b', sets: [] });
    result = await runBenchmark({ tasks, rounds: 1, seed: 3, workers: 2, spec }, closers);
  }, 180_000);
  afterAll(async () => {
    await closers.closeAll(() => undefined);
    rmSync(folder, { recursive: true });
  }, 60_000);

  it('has both sides give the right verdicts', () => {
    expect(result.wrong).toEqual({ ours: 0, baseline: 0 });
  });

  it('makes its job of the programs that are tasks: three proposals each, and eight answers to each', () => {
    expect(result).toMatchObject({ programs: 3, leftOut: 1 });
    const verdicts = { deduction: 24, abduction: 24, induction: 24, validate: 9, whole: 81 };
    expect(result.measured.verdicts).toEqual(verdicts);
    expect(result.looped).toMatchObject({ loops: 1, verdicts });
  });

  it('reports a ratio of each kind to each baseline, what a verdict costs, and the loops apart', () => {
    const report = asJson(result) as Record<string, object>;
    for (const { ratio, ratioAllCores, perSecond } of [report, report['withLoops']] as Record<string, object>[]) {
      for (const values of [ratio, ratioAllCores, perSecond]) {
        expect(Object.keys(values!)).toEqual(KEYS);
        expect(Object.values(values!).every((value) => value > 0)).toBe(true);
      }
    }
    const parts = Object.values(report['cpuMsPerVerdictBy']!).reduce((sum, value) => sum + value, 0);
    expect(report['cpuMsPerVerdict']).toBeCloseTo(parts, 1); // each is rounded to a hundredth
    expect(asText(result)).toMatch(/^3 programs, 81 verdicts a round, rounds: 1; jail of tier [12]; \d+ cores/);
  });
});
