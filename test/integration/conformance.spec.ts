import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SUITES, type Suite } from '../../src/conformance/conformance';
import type { Report } from '../../src/conformance/report';
import { Azr } from '../support/azr';
import { temporaryFiles } from '../support/temporary-files';

const OWN = join(__dirname, '..', 'conformance');
/** Folders with further cases, separated by `:`. */
const FURTHER = (process.env['AZR_EXTRA_CASES'] ?? '').split(':').filter((folder) => folder !== '');
const BOUND_MS = 10 * 60_000;

async function conformance(suite: Suite, files: readonly string[], ...more: string[]) {
  const cases = files.flatMap((file) => ['--cases', file]);
  const { code, stdout, stderr } = await new Azr('conformance', suite, ...cases, ...more).ended;
  return { code, stdout, stderr, last: stdout.trimEnd().split('\n').at(-1)! };
}

const filesOf = (folder: string, suite: Suite): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(suite) && name.endsWith('.jsonl'))
    .map((name) => join(folder, name));

describe.each([OWN, ...FURTHER])('the cases in %s', (folder) => {
  it('are there', () => {
    expect(SUITES.flatMap((suite) => filesOf(folder, suite))).not.toEqual([]);
  });

  it.each([
    ['verifier', 'in the strongest jail of this machine', []],
    ['sandbox', 'in the strongest jail of this machine', []],
    ['sandbox', 'in a jail of tier 2', ['--tier', '2']],
  ] as [Suite, string, string[]][])(
    'hold: %s, %s',
    async (suite, _, tier) => {
      const files = filesOf(folder, suite);
      if (files.length === 0) return;
      const { code, last } = await conformance(suite, files, '--json', ...tier);
      const { total, passed, failed } = JSON.parse(last) as Report;
      expect(failed).toEqual([]);
      expect([code, passed]).toEqual([0, total]);
    },
    BOUND_MS,
  );
});

describe('a report', () => {
  const temporaryFile = temporaryFiles();
  const fileOf = (...lines: (object | string)[]): string =>
    temporaryFile('c.jsonl', lines.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))).join('\n'));
  const sandbox = (id: string, change: object = {}) => ({
    ...{ id, code: 'def f(x):\n    return [x]', input: '1', timeout_ms: 2_000 },
    expected: { status: ['ok'], output: '[1]' },
    ...change,
  });
  const verifier = (id: string, program: string, outcome: string[]) => ({
    ...{ id, kind: 'propose', task_type: 'deduction', task: {} },
    response: `<think>\n</think>\n<answer>\n\`\`\`python\n${program}\n\`\`\`\n\`\`\`input\n1\n\`\`\`\n</answer>`,
    expect: { outcome },
  });

  it(
    'counts a case that fails, and each line that could not be run, and the rest goes on',
    async () => {
      const file = fileOf(
        sandbox('right'),
        sandbox('wrong', { expected: { status: ['ok'], output: '[True]' } }),
        '{"id": "broken"',
        sandbox('status', { expected: { status: ['fine'] } }),
        sandbox('large', { code: `#${'x'.repeat(10 << 20)}` }),
        sandbox('no-time', { timeout_ms: 0 }),
        sandbox('last'),
        '{"id": "cut", "code": "def f',
      );
      const { code, last, stderr } = await conformance('sandbox', [file], '--json');
      const runnable = 'a case that can be run';
      expect(JSON.parse(last)).toEqual({
        total: 8,
        passed: 2,
        failed: [
          { id: 'wrong', expected: 'ok: [True]', got: 'ok: [1]' },
          { id: 'line 3', expected: runnable, got: 'line 3: not JSON' },
          {
            id: 'status',
            expected: runnable,
            got: expect.stringMatching(/^line 4: expected: status\[0\] is "fine", not/),
          },
          { id: 'large', expected: runnable, got: 'program: 10485761 bytes is not legal; at most 1048576 are' },
          {
            id: 'no-time',
            expected: runnable,
            got: expect.stringMatching(/^line 6: timeout_ms is 0, not a whole number/),
          },
          { id: 'line 8', expected: runnable, got: expect.stringMatching(/^line 8: not JSON; the file ends within/) },
        ],
        tier: expect.any(Number) as number,
      });
      expect(code).toBe(1);
      expect(stderr).toContain('6 of 8 cases failed');
    },
    BOUND_MS,
  );

  it(
    'is one for all files, whose cases are named by them, and can be read by a person',
    async () => {
      const good = 'def f(x):\n    return x';
      const files = [
        fileOf(verifier('a', good, ['accepted'])),
        fileOf(verifier('a', good, ['rejected']), verifier('b', 'def f(x):\n    return id([x])', ['accepted'])),
      ];
      const { code, stdout } = await conformance('verifier', files);
      expect(stdout).toMatch(
        new RegExp(
          `^FAILED ${files[1]}: a\n  expected rejected\n  got      accepted with the output 1\n` +
            `FAILED ${files[1]}: b\n  expected accepted\n  got      rejected \\(nondeterministic: .*\\)\n` +
            '1 of 3 cases passed at tier [0123]\n$',
        ),
      );
      expect(code).toBe(1);
    },
    BOUND_MS,
  );

  it.each([
    ['a file that is not there', 1, ['--cases', '/nowhere.jsonl', '--json'], /nowhere\.jsonl cannot be read/],
    ['an empty file', 1, ['--cases', fileOf(), '--json'], /is empty/],
    ['no file', 2, ['--json'], /--cases/],
    ['a tier that does not exist', 2, ['--cases', fileOf(), '--tier', '4'], /it must be 1, 2 or 3/],
  ])(
    'is not made for %s',
    async (_, exitCode, args, message) => {
      const { code, stdout, stderr } = await new Azr('conformance', 'sandbox', ...args).ended;
      expect([code, stdout]).toEqual([exitCode, '']);
      expect(stderr).toMatch(message);
    },
    BOUND_MS,
  );
});
