import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Azr, SMALL, type AzrResult } from '../support/azr';
import { descendantsOf, eventually, pidsOf, survivors } from '../support/processes';

const MINUTE = 60_000;

interface Report {
  runId: string;
  steps: number;
  policyVersion: number;
  heldOut: { after: Record<string, number> };
  sequences: Record<string, Record<string, { generated: number; trained: number }>>;
  rewards: Record<string, Record<string, number | null>>;
  sequencesGenerated: number;
  sequencesTrained: number;
  tokensGenerated: number;
  checkpoint: string;
  policy: string;
  report: string | null;
  metrics: string | null;
}

/** The last line of standard output, the only one. */
const reportOf = ({ code, stdout, stderr }: AzrResult) => {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Report;
};

/** What the last of them clears away, Ray's reaper for one, may take a moment longer than the command itself. */
const expectGone = async (family: readonly string[]) => {
  await eventually(() => survivors(family).length === 0, 20_000);
  expect(survivors(family)).toEqual([]);
};

describe('azr train', () => {
  let folder: string;
  let home: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'azr-e2e-'));
    home = join(folder, 'home');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const train = (...args: string[]) => new Azr('train', '--home', home, ...args);

  it(
    'trains, goes on after kill -9 in the middle of a step, and ends with a report that adds up',
    async () => {
      const first = reportOf(await train(...SMALL, '--steps', '5', '--json').ended);
      const proposed = { proposed: 20 };
      expect(first).toMatchObject({
        ...{ steps: 5, policyVersion: 5, types: ['deduction', 'abduction', 'induction'] },
        tasks: { deduction: proposed, abduction: proposed, induction: proposed },
      });
      // All six cells of role and type were proposed, scored and trained on.
      for (const role of ['proposer', 'solver']) {
        for (const type of ['deduction', 'abduction', 'induction']) {
          expect(first.sequences[role]![type]!.trained).toBeGreaterThan(0);
          expect(first.rewards[role]![type]).toEqual(expect.any(Number));
          expect(first.heldOut.after[type]).toEqual(expect.any(Number));
        }
      }
      expect(first.sequencesTrained).toBe(first.sequencesGenerated);
      expect(first.tokensGenerated).toBeGreaterThan(0);
      expect(existsSync(join(first.checkpoint))).toBe(true);
      expect(existsSync(join(first.policy, 'model.safetensors'))).toBe(true);
      expect(readFileSync(first.report!, 'utf8')).toContain('Held-out solve rate, step 0 to step 5');
      expect(readFileSync(first.metrics!, 'utf8').trim().split('\n')).toHaveLength(6);

      const killed = train('--steps', '100', '--json');
      await killed.said(/step 7 ·/);
      const family = descendantsOf(killed.process.pid!);
      expect(family.length).toBeGreaterThan(8);
      killed.process.kill('SIGKILL');
      expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
      await expectGone(family);

      // A report that cannot be written is no failure of the run.
      rmSync(first.report!);
      mkdirSync(first.report!);
      const ended = await train('--steps', '1', '--json').ended;
      const resumed = reportOf(ended);
      expect(ended.stderr).toMatch(/warning: the report was not written: .*report\.html cannot be written/);
      expect(resumed).toMatchObject({ runId: first.runId, report: null });
      rmSync(first.report!, { recursive: true });
      // The step that was open is ended and counts; where none was open, one step is made.
      expect(resumed.policyVersion).toBeGreaterThanOrEqual(8);
      const log = readFileSync(join(home, 'logs', 'control-plane.log'), 'utf8')
        .trim()
        .split('\n');
      const committed = log.map((line) => JSON.parse(line)).filter(({ message }) => message === 'step committed');
      expect(committed.map(({ step }) => step)).toEqual(committed.map((_, i) => i + 1));
      const admittedIn = ({ tasks }: { tasks: Record<string, { admitted: number }> }) =>
        Object.values(tasks).reduce((sum, { admitted }) => sum + admitted, 0);
      const admitted = committed.reduce((sum, step) => sum + admittedIn(step), 0);
      const { buffer } = committed.at(-1)!;
      expect(buffer - (committed[0]!.buffer - admittedIn(committed[0]!))).toBe(admitted);
      for (const { update } of committed) expect(update.mismatchMean).toBeLessThan(1e-3);
    },
    5 * MINUTE,
  );

  it(
    'ends when a part dies, showing its last lines, and refuses a home in use meanwhile',
    async () => {
      const owner = train('--json');
      await owner.said(/going on with run/);
      const second = await train().ended;
      expect(second).toMatchObject({ code: 1, stdout: '' });
      expect(second.stderr.trim()).toMatch(/^azr: home .* is in use by process \d+/);
      expect(second.stderr.trim().split('\n')).toHaveLength(1);

      const family = descendantsOf(owner.process.pid!);
      process.kill(pidsOf(family, 'azr_policy_server')[0]!, 'SIGKILL');
      const { code, stderr } = await owner.ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/azr: the policy server was ended by SIGKILL/);
      expect(stderr).not.toMatch(/\n\s+at /);
      await expectGone(family);
    },
    3 * MINUTE,
  );

  it(
    'ends after the current step on Ctrl-C, with the report, and leaves nothing running',
    async () => {
      const run = train('--json');
      await run.said(/step \d+ ·/);
      const family = descendantsOf(run.process.pid!);
      run.process.kill('SIGINT');
      const report = reportOf(await run.ended);
      expect(report.steps).toBeGreaterThanOrEqual(1);
      expect(existsSync(report.report!)).toBe(true);
      await expectGone(family);
    },
    2 * MINUTE,
  );

  it(
    'refuses changed settings on going on, and names them',
    async () => {
      const { code, stderr } = await train('--seed', '7', '--set', 'solver.estimation.samples=5').ended;
      expect(code).toBe(2);
      expect(stderr).toMatch(/seed: 7 is not legal; the run that goes on has 0; --new begins a new run/);
      expect(stderr).toMatch(/solver\.estimation\.samples: 5 is not legal; the run that goes on has 4/);
    },
    MINUTE,
  );

  it.each([
    [['train', '--policy', '/nowhere'], 1, /policy\.dir: \/nowhere is not a Hugging Face folder/],
    [['train', '--config', '/nowhere.yaml'], 1, /there is no such file/],
    [['train', '--set', 'x=1'], 2, /x: 1 is not legal; there is no such setting/],
    [['train', '--steps', 'many'], 2, /whole number/],
    [['train', '--home', '/proc/azr'], 1, /home \/proc\/azr must be a folder/],
    [['fly'], 2, /unknown command/],
  ])(
    '%j ends with exit code %i and a line that says why',
    async (args, code, line) => {
      const elsewhere = args.includes('--home') || args[0] !== 'train' ? [] : ['--home', join(folder, 'bad')];
      const result = await new Azr(...args, ...elsewhere).ended;
      expect(result).toMatchObject({ code, stdout: '' });
      expect(result.stderr).toMatch(line);
      expect(result.stderr).not.toMatch(/\n\s+at /);
    },
    MINUTE,
  );
});
