import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { evalPolicy, type EvalOptions } from '../../src/cli/eval';
import { PROJECT_ROOT } from '../../src/config/shipped';
import { AnsweringServer } from '../support/answering-server';
import { temporaryFiles } from '../support/temporary-files';

const MINUTE = 60_000;
const TINY = join(PROJECT_ROOT, 'policies', 'tiny');
const HELD_OUT = readFileSync(join(TINY, 'tasks', 'heldout.jsonl'), 'utf8')
  .trim()
  .split('\n');
/** A few of each type. */
const HELD_OUT_FEW = ['deduction', 'abduction', 'induction'].flatMap((type) =>
  HELD_OUT.filter((line) => line.startsWith(`{"type": "${type}"`)).slice(0, 4),
);
const CRUXEVAL = [
  { code: 'def f(x):\n x=x+7\n return x', input: '3', output: '10', id: 'sample_0' },
  { code: 'def f(x, g):\n return g(x)', input: '2, lambda x: -x', output: '-2', id: 'sample_1' },
];
const HUMANEVAL = {
  ...{ task_id: 'HumanEval/0', entry_point: 'add', canonical_solution: '    return x + y\n' },
  prompt: 'def add(x, y):\n    """The sum."""\n',
  test: 'def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(-1, 1) == 0\n',
};
const CLOSE = { ...HUMANEVAL, task_id: 'HumanEval/1', test: 'def check(candidate):\n    assert candidate(1, 2) > 2\n' };
const MBPP = {
  ...{ task_id: 11, text: 'Add numbers.', code: 'def add(x, y):\n    return x + y' },
  test_list: ['assert add(1, 2) == 3', 'assert add(2, 2) == 4'],
};

interface Result {
  questions: number;
  done: number;
  format: string;
  skipped: { line: number; reason: string }[];
  benchmarks: Record<
    string,
    { tasks: number; tooLong: string[]; assertsBesideAnswer: number; greedy: Rates; sampled: Rates }
  >;
}
interface Rates {
  solved: number;
  answers: number;
  verdicts: { correct: number; incorrect: Record<string, number>; malformed: Record<string, number> };
}

describe('azr eval', () => {
  const temporaryFile = temporaryFiles();
  const fileOf = (...rows: (object | string)[]): string =>
    temporaryFile('tasks.jsonl', rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
  let out: string[];
  beforeEach(() => {
    out = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  afterEach(() => jest.restoreAllMocks());

  const run = (options: Partial<EvalOptions>): Promise<void> =>
    evalPolicy({ set: [], samples: 1, json: true, tasks: '', ...options });
  const result = (): Result => JSON.parse(out.pop()!) as Result;
  const evaluated = async (options: Partial<EvalOptions>): Promise<Result> => {
    await run(options);
    return result();
  };

  it(
    'gives the same figures whenever the tiny policy is put to the same tasks with the same seed',
    async () => {
      const tasks = fileOf(...HELD_OUT_FEW, ...CRUXEVAL, HUMANEVAL, CLOSE, MBPP, {
        ...HUMANEVAL,
        prompt: 'x = 1\n'.repeat(400),
      });
      const first = await evaluated({ policy: TINY, tasks, samples: 4 });
      expect(first).toMatchObject({ format: 'compact', questions: 20, done: 20, skipped: [] });
      const names = ['deduction', 'abduction', 'induction', 'cruxeval-output', 'cruxeval-input', 'humaneval', 'mbpp'];
      expect(Object.keys(first.benchmarks)).toEqual(names);
      expect(first.benchmarks['humaneval']).toMatchObject({
        tasks: 3,
        tooLong: ['HumanEval/0'],
        assertsBesideAnswer: 1,
      });
      for (const { tasks: count, tooLong, sampled } of Object.values(first.benchmarks)) {
        expect(sampled.answers).toBe(4 * (count - tooLong.length));
        const { correct, incorrect, malformed } = sampled.verdicts;
        const others = Object.values({ ...incorrect, ...malformed }).reduce((sum, of) => sum + of, 0);
        expect([sampled.solved, correct + others]).toEqual([correct, sampled.answers]);
      }
      const again = await evaluated({ policy: TINY, tasks, samples: 4, set: ['rollout.concurrency=3'] });
      expect({ ...again, seconds: 0 }).toEqual({ ...first, seconds: 0 });
      const other = await evaluated({ policy: TINY, tasks, samples: 4, seed: 1 });
      expect(other.benchmarks).not.toEqual(first.benchmarks);
      await run({ policy: TINY, tasks: fileOf(...HELD_OUT_FEW), json: false });
      expect(out.join('')).toMatch(
        /: 12 tasks in 0:\d\d; format compact, seed 0\n\n +tasks +greedy +temperature 1 +reasons/,
      );
    },
    5 * MINUTE,
  );

  it(
    'scores what a server answers, in the format that is told',
    async () => {
      const program = 'def add(x, y):\n    return x + y\ndef f(x):\n    return x';
      const server = await AnsweringServer.start(`</think><answer>\n\`\`\`python\n${program}\n\`\`\`\n</answer>`);
      const tasks = fileOf(HUMANEVAL, MBPP, CRUXEVAL[0]!);
      const { benchmarks } = await evaluated({ server: server.url, tasks, format: 'paper' });
      server.stop();
      expect(benchmarks).toMatchObject({
        humaneval: { greedy: { solved: 1 }, sampled: { solved: 1 } },
        mbpp: { greedy: { solved: 1 }, sampled: { solved: 1 } },
        'cruxeval-output': { greedy: { solved: 0, verdicts: { malformed: { malformed: 1 } } } },
      });
    },
    MINUTE,
  );

  it(
    'skips lines that hold no task by their number, and goes on',
    async () => {
      const server = await AnsweringServer.start('</think>10');
      const tasks = fileOf(
        ...[CRUXEVAL[0]!, '{"code": "def', { question: '?' }, { ...CRUXEVAL[0], output: 'object()' }],
        ...[
          { ...HUMANEVAL, test: 'def check(' },
          { ...MBPP, test_list: ['x = 1'] },
          { ...HUMANEVAL, entry_point: '' },
        ],
        ...[{ type: 'induction', program: 'p', pairs: [['1', '1']] }, '{"code": "def f(x'],
      );
      const found = await evaluated({ server: server.url, tasks });
      expect(found).toMatchObject({ questions: 2, benchmarks: { 'cruxeval-output': { greedy: { solved: 1 } } } });
      expect(found.skipped.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
      expect(found.skipped.map(({ reason }) => reason)).toEqual([
        'not JSON',
        expect.stringContaining('unknown shape: it has the keys question'),
        'output is not a value',
        expect.stringMatching(/^test: .*never closed/),
        expect.stringContaining('its tests: ValueError'),
        'entry_point is "", not the name of a function',
        expect.stringContaining('it has 1 pairs'),
        'not JSON; the file ends within this line, as if it were cut off',
      ]);
      await expect(run({ server: server.url, tasks: fileOf('{') })).rejects.toThrow('none of its lines holds a task');
      expect(out).toEqual([]);
      server.stop();
    },
    MINUTE,
  );

  it(
    'reports what was done when the server ends in the middle, and names it',
    async () => {
      const server = await AnsweringServer.start('</think>10', { most: 40 });
      const rows = Array.from({ length: 50 }, () => CRUXEVAL[0]!);
      const set = ['rollout.concurrency=4'];
      await expect(run({ server: server.url, tasks: fileOf(...rows), set })).rejects.toThrow(
        `${server.url}) does not answer`,
      );
      const { questions, done } = result();
      expect(questions).toBe(100);
      expect(done).toBeGreaterThanOrEqual(16);
      expect(done).toBeLessThanOrEqual(20);
    },
    MINUTE,
  );

  it(
    'refuses what it cannot use before it starts anything',
    async () => {
      const tasks = fileOf(CRUXEVAL[0]!);
      const refused = (options: Partial<EvalOptions>) => expect(run({ tasks, ...options })).rejects;
      await refused({}).toThrow('name either --policy DIR or --server URL');
      await refused({ policy: TINY, server: 'http://127.0.0.1:1' }).toThrow('name either --policy DIR or --server URL');
      await refused({ policy: '/nowhere' }).toThrow('/nowhere is not a Hugging Face folder: there is no such folder');
      await refused({ policy: TINY, tasks: '/nowhere.jsonl' }).toThrow(/\/nowhere\.jsonl cannot be read: .*ENOENT/);
      await refused({ policy: TINY, tasks: fileOf('') }).toThrow('is empty');
      await refused({ policy: TINY, set: ['rollout.maxTokens=0'] }).toThrow('rollout.maxTokens');
      expect(out).toEqual([]);
    },
    MINUTE,
  );

  it(
    'says why a server cannot be used',
    async () => {
      const tasks = fileOf(CRUXEVAL[0]!);
      const ended = await AnsweringServer.start('');
      ended.stop();
      const down = ended.url;
      await expect(run({ tasks, server: down })).rejects.toThrow(`the rollout server at ${down} does not answer`);
      const several = await AnsweringServer.start('', { models: ['base', 'adapter'] });
      await expect(run({ tasks, server: several.url })).rejects.toThrow('serves base, adapter: name one with --model');
      await expect(run({ tasks, server: `${several.url}/v1` })).rejects.toThrow(`${several.url}/v1/v1/models`);
      several.stop();
      expect(out).toEqual([]);
    },
    MINUTE,
  );

  it(
    'says that nothing fits the context, and names what does not',
    async () => {
      const tasks = fileOf(HUMANEVAL);
      await expect(run({ policy: TINY, tasks, set: ['rollout.maxTokens=500'] })).rejects.toThrow(
        'no task fits the context with 500 new tokens; --set rollout.maxTokens=N lowers that',
      );
      expect(result()).toMatchObject({ benchmarks: { humaneval: { tooLong: ['HumanEval/0'] } } });
    },
    MINUTE,
  );
});
