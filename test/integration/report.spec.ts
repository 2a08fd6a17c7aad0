import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../../src/cli/report';
import { withStore } from '../../src/control-plane/with-store';
import { PYTHON } from '../../src/embedded/installation';
import { makeHomeWithDatabase } from '../support/home-with-database';
import { evaluated, stepAt } from '../support/reported-run';
import { scriptedPool, scriptedStep, SEEDS } from '../support/scripted-step';
import { SCRIPT_SETS, scriptFor } from '../support/step-script';

const MINUTE = 60_000;
const HOSTILE = '</pre><script>document.title = "hostile"</script>\u0000\ud800';
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

describe('azr report', () => {
  let folder: string;
  let home: string;
  const written: string[] = [];

  /** A home with the run `empty`, which has done nothing, and the run `played` of one step and two evaluations. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'azr-report-'));
    home = join(folder, 'home');
    await makeHomeWithDatabase(home);
    const step = scriptedStep(SCRIPT_SETS, {});
    const script = scriptFor(step.plan);
    // One of the answers to the first task, which some samples solve, is hostile.
    script['estimate/0/0']![3] = { text: `${HOSTILE}</think>${HOSTILE}` };
    const { batch, episodes, outcome, change } = await step.result(scriptedPool(script));
    await withStore(home, async ({ runs, store }) => {
      for (const id of ['empty', 'played']) await runs.create({ id, spec: step.spec, budget: {} });
      await store.saveSeeds('played', SEEDS);
      const [before, after] = [evaluated(0, 20), evaluated(1, 60)];
      if (before.kind === 'evaluation') await store.saveEvaluation('played', before.result);
      const record = { plan: step.plan, state: 'batch_persisted' as const, outcome, change };
      await store.saveBatch('played', record, batch, episodes);
      const event = { ...stepAt(1), outcome };
      await store.commit('played', { ...record, state: 'committed', update: event.update }, 1, [event]);
      if (after.kind === 'evaluation') await store.saveEvaluation('played', after.result);
    });
  }, 2 * MINUTE);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(() => {
    written.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => jest.restoreAllMocks());

  it(
    'writes the page and the metrics into the folder of the run',
    async () => {
      await report('latest', { home, json: true });
      const dir = join(home, 'runs', 'played');
      const files = { page: join(dir, 'report.html'), metrics: join(dir, 'metrics.jsonl') };
      expect(JSON.parse(written.join(''))).toEqual({ runId: 'played', ...files });
      const [zero, one, ...none] = readFileSync(files.metrics, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(none).toEqual([]);
      expect(zero).toMatchObject({ step: 0, 'heldOut/deduction/rate': 0.2 });
      // Three valid deduction tasks, solved by 2, 4 and 0 of 4 samples, and one that turned out to be a repeat, by 4.
      expect(one).toMatchObject({
        ...{ step: 1, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), 'heldOut/deduction/rate': 0.6 },
        ...{ 'proposals/valid/deduction': 3, 'solveRate/deduction': 10 / 16 },
        ...{ 'proposals/learnableShare/deduction': 1 / 3, 'rejections/duplicate': 3 },
        ...{ 'programs/statements': 1, 'statements/operator': 1 },
      });
      expect(one['reasonedShare/deduction']).toBe(0);
      const page = readFileSync(files.page, 'utf8');
      expect(page).toContain('20.0% → 60.0%');
      expect(page).toContain('def f(x): return x+1');
      expect(page).toContain('&lt;script&gt;document.title');
      expect(page.match(/<script/g)).toHaveLength(1);
    },
    MINUTE,
  );

  it(
    'writes where it is told, also of a run that has done nothing',
    async () => {
      const files = { out: join(folder, 'page.html'), jsonl: join(folder, 'metrics.jsonl') };
      await report('empty', { ...files, home, json: false });
      expect(written.join('')).toBe(`Report          ${files.out}\nMetrics         ${files.jsonl}\n`);
      expect(readFileSync(files.out, 'utf8')).toContain('The run has made no steps yet.');
      expect(readFileSync(files.jsonl, 'utf8')).toBe('');
    },
    MINUTE,
  );

  it(
    'refuses a run that is not there and a file that cannot be; nothing is left behind',
    async () => {
      await expect(report('nobody', { home, json: false })).rejects.toThrow('there is no run "nobody" in this home');
      const out = join(folder, 'nowhere', 'page.html');
      await expect(report('empty', { out, home, json: false })).rejects.toThrow(`${out} cannot be written`);
      expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    },
    MINUTE,
  );

  it(
    'hands the metrics to TensorBoard, or says what installs it',
    async () => {
      const tensorboard = join(folder, 'logs');
      const isThere = spawnSync(PYTHON, ['-c', 'import tensorboard']).status === 0;
      const reported = report('played', { home, json: false, tensorboard });
      if (isThere) await reported;
      else await expect(reported).rejects.toThrow(/tensorboard is not installed; .*pip install -r .* installs it/);
      expect(existsSync(join(tensorboard, 'played'))).toBe(isThere);
    },
    2 * MINUTE,
  );

  const inBrowser = CHROMIUM ? it : it.skip;
  inBrowser(
    'is run by a browser: our script is, a hostile one is not (skipped where there is no Chromium)',
    async () => {
      await report('played', { home, json: false });
      const page = join(home, 'runs', 'played', 'report.html');
      const options = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'chromium')}`];
      const dom = execFileSync(CHROMIUM!, [...options, '--dump-dom', `file://${page}`], {
        ...{ encoding: 'utf8', timeout: MINUTE, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e8 },
      });
      expect(dom).toContain('<title>Run played</title>');
      // hover.js gives every chart a place for its values.
      expect(dom.match(/class="tip"/g)!.length).toBe(dom.match(/<figure/g)!.length);
    },
    2 * MINUTE,
  );
});
