import { ScriptedPool } from '../../test/support/scripted-pool';
import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { specWith } from '../../test/support/specs';
import { PartUnavailable } from '../domain/errors';
import { solveRate } from '../domain/curriculum/solve-rate';
import { compact } from '../domain/prompt/compact';
import type { Task } from '../domain/task/task';
import { AnswerScorer } from '../verifier/score-answer';
import type { Benchmark } from './benchmark';
import { HeldOutEvaluator, type EvaluatorPorts } from './held-out-evaluator';

const task = (id: string, rest: object = {}): Task => ({
  ...{ id, type: 'deduction', program: 'def f(x): return x', input: '1', output: '1' },
  ...rest,
});

/** Right is a response that says so. */
const scorer: EvaluatorPorts['scorer'] = {
  score: (_, responses) =>
    Promise.resolve(
      responses.map(({ text }) =>
        text === 'right' ? { outcome: 'correct' } : { outcome: 'malformed', reason: 'malformed', detail: '' },
      ),
    ),
};

const CONTEXT = 400;

/** A policy that is right in every second sample, and only in the first of the tasks whose id ends in `hard`. */
function evaluation(benchmarks: Benchmark[], sets: string[] = []) {
  const spec = specWith('rollout.maxTokens=100', ...sets);
  const pool = new ScriptedPool(
    ({ key }, i) => ({ text: i === 0 || (i % 2 === 0 && !key.endsWith('hard')) ? 'right' : 'wrong' }),
    CONTEXT,
  );
  const notes: string[] = [];
  let now = 0;
  const ports = { pool, scorer, clock: () => (now += 1.5), note: (message: string) => notes.push(message) };
  return { evaluator: new HeldOutEvaluator(spec, benchmarks, ports), pool, notes };
}

describe('an evaluation', () => {
  const four = ['evaluation.samples=4'];

  it('gives held-out tasks by type and public benchmarks by name; every sample counts', async () => {
    const { evaluator, notes } = evaluation(
      [
        { name: 'deduction', tasks: [task('a'), task('hard')] },
        { name: 'abduction', tasks: [task('b', { type: 'abduction' })] },
        { name: 'cruxeval-input', tasks: [task('c', { type: 'abduction' })] },
      ],
      four,
    );
    const rightTokens = 'right'.length;
    expect(await evaluator.evaluate(7)).toEqual({
      policyVersion: 7,
      solveRate: {
        deduction: solveRate(3, 8),
        abduction: solveRate(2, 4),
        induction: solveRate(0, 0),
        error: solveRate(0, 0),
      },
      benchmarks: { 'cruxeval-input': solveRate(2, 4) },
      seconds: 1.5,
      sequencesGenerated: 16,
      tokensGenerated: 16 * rightTokens,
    });
    expect(notes).toEqual([]);
  });

  it('samples each task with a seed of its own, the same whatever else is measured', async () => {
    const tasks = [task('a'), task('b')];
    const both = evaluation([{ name: 'deduction', tasks }], ['evaluation.temperature=0.5', ...four]);
    const one = evaluation([{ name: 'x', tasks: [tasks[1]!] }], ['evaluation.temperature=0.5', ...four]);
    const other = evaluation([{ name: 'x', tasks }], ['seed=1', ...four]);
    for (const { evaluator } of [both, one, other]) await evaluator.evaluate(0);
    const [a, b] = both.pool.requests;
    expect(a).toMatchObject({ key: 'a', temperature: 0.5, samples: 4, maxTokens: 100 });
    expect(a!.seed).not.toBe(b!.seed);
    expect(one.pool.requests).toEqual([b]);
    expect(other.pool.requests[0]!.seed).not.toBe(a!.seed);
  });

  it('counts every sample of a prompt that does not fit the context as wrong, and says how many do not', async () => {
    const long = task('long', { input: `'${'x'.repeat(4 * CONTEXT)}'` });
    const { evaluator, notes } = evaluation([{ name: 'deduction', tasks: [task('a'), long] }], four);
    expect(await evaluator.evaluate(0)).toMatchObject({
      solveRate: { deduction: solveRate(2, 8) },
      sequencesGenerated: 4,
    });
    expect(notes).toEqual(['evaluation: 1 of 2 prompts do not fit the context and count as wrong']);
  });

  it('judges as training does: by format and value, and runs nothing that a response says', async () => {
    const says = ['</think>4', '4', '</think>2 + 2', '</think>f(2)', '</think>__import__("os").getpid()', '</think>5'];
    const pool = new ScriptedPool((_, i) => ({ text: says[i]! }));
    const executor = new ScriptedExecutor();
    const spec = specWith('rollout.maxTokens=100', `evaluation.samples=${says.length}`);
    const ports = { pool, scorer: new AnswerScorer(executor, compact, spec), clock: () => 0, note: () => undefined };
    const tasks = [task('cruxeval-output/1', { program: 'def f(x): return x+2', input: '2', output: '4' })];
    const evaluator = new HeldOutEvaluator(spec, [{ name: 'cruxeval-output', tasks }], ports);
    expect(await evaluator.evaluate(0)).toMatchObject({ benchmarks: { 'cruxeval-output': solveRate(2, 6) } });
    expect(executor.calls).toEqual([]);
  });

  it('ends with the error of a part that does not answer', async () => {
    const gone = new PartUnavailable('executor', 'the executor does not answer');
    const { pool } = evaluation([]);
    const broken = { pool, scorer: { score: () => Promise.reject(gone) }, clock: () => 0, note: () => undefined };
    const evaluator = new HeldOutEvaluator(specWith(), [{ name: 'deduction', tasks: [task('a')] }], broken);
    await expect(evaluator.evaluate(0)).rejects.toBe(gone);
  });

  it('of nothing measures nothing', async () => {
    expect(await evaluation([]).evaluator.evaluate(0)).toMatchObject({ benchmarks: {}, sequencesGenerated: 0 });
  });
});
