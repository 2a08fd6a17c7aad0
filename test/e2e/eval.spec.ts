import { join } from 'node:path';
import { Azr } from '../support/azr';
import { descendantsOf, eventually, survivors } from '../support/processes';
import { temporaryFiles } from '../support/temporary-files';

const MINUTE = 60_000;
const TINY = join(__dirname, '..', '..', 'policies', 'tiny');
const HELD_OUT = join(TINY, 'tasks', 'heldout.jsonl');

describe('azr eval, as a person runs it', () => {
  const temporaryFile = temporaryFiles();

  it(
    'prints a table, or one line of JSON, and names what it skips',
    async () => {
      const row = { type: 'deduction', program: 'def f(x):\n x=x+7\n return x', input: '3', output: '10' };
      const tasks = temporaryFile('tasks.jsonl', `${JSON.stringify(row)}\n{"type": "ded`);
      const { code, stdout, stderr } = await new Azr('eval', '--policy', TINY, '--tasks', tasks, '--json').ended;
      expect(stderr).toContain(`${tasks}:2: skipped, not JSON; the file ends within this line`);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ questions: 1, done: 1, skipped: [{ line: 2 }] });
      const shown = await new Azr('eval', '--policy', TINY, '--tasks', tasks, '--samples', '2').ended;
      expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^deduction +1 .*%\)/m) });
    },
    2 * MINUTE,
  );

  it.each([
    [2, '--samples', '0'],
    [2, '--server', 'localhost:8000'],
    [2, '--set', 'rollout.maxTokens=-1'],
    [1, '--tasks', '/nowhere.jsonl'],
  ])('ends with exit code %i for %s %s', async (expected, ...options) => {
    const { code, stdout } = await new Azr('eval', '--policy', TINY, '--tasks', HELD_OUT, ...options).ended;
    expect([code, stdout]).toEqual([expected, '']);
  });

  it(
    'leaves nothing behind on Ctrl-C',
    async () => {
      const azr = new Azr('eval', '--policy', TINY, '--tasks', HELD_OUT, '--samples', '1024', '--json');
      const servers = (): boolean => descendantsOf(azr.process.pid!).length > 2;
      expect(await eventually(servers, MINUTE)).toBe(true);
      const family = descendantsOf(azr.process.pid!);
      azr.process.kill('SIGINT');
      expect(await azr.ended).toMatchObject({ code: 130, stderr: expect.stringContaining('stopped at once') });
      expect(await eventually(() => survivors(family).length === 0, 20_000)).toBe(true);
    },
    2 * MINUTE,
  );
});
