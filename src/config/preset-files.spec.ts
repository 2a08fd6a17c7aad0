import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planStep } from '../domain/curriculum/step-plan';
import { TaskBuffer, type BufferedTask } from '../domain/curriculum/task-buffer';
import { groupBy } from '../domain/group-by';
import { TASK_TYPES, type TaskType } from '../domain/task/task';
import { planSettings } from '../selfplay/plan-settings';
import { presetDescription, presetNames } from './preset-files';
import { resolveSpec } from './resolve-spec';

const perType = (count: number) => ({ deduction: count, abduction: count, induction: count, error: 0 });

/** The paper's runs (arXiv 2505.03335v2, section 4.1, appendix B) and the released configuration, typed in by hand. */
const AS_RELEASED = {
  steps: 500,
  'prompt.format': 'paper',
  'tasks.inductionInputs': 10,
  'tasks.equality': 'python',
  'tasks.duplicates': 'allow',
  'tasks.renamedDuplicates': 'allow',
  'tasks.leaks': 'allow',
  'tasks.constantOutputs': 'allow',
  'tasks.ignoredInputs': 'allow',
  'tasks.equalHiddenOutputs': 'allow',
  'tasks.shownHiddenInputs': 'allow',
  'tasks.banned': [
    'logging',
    'random',
    'multiprocessing',
    'pebble',
    'subprocess',
    'threading',
    'datetime',
    'time',
    'hashlib',
    'hmac',
    'bcrypt',
    'os',
    'sys',
    'shutil',
    'calendar',
  ],
  'tasks.bannedErrorKeywords': ['raise'],
  'tasks.stripComments': false,
  'proposer.proposals': perType(64),
  'proposer.references': 6,
  'proposer.referenceSampling': 'uniform',
  'proposer.referenceTokens': 5_600,
  'proposer.reward': 'learnability',
  'proposer.malformedReward': -1,
  'proposer.rejectedReward': -1,
  'proposer.unlearnableReward': -0.5,
  'proposer.intrinsic.complexity.weight': 0,
  'proposer.intrinsic.halstead.weight': 0,
  'proposer.intrinsic.editDistance.weight': 0,
  'proposer.intrinsic.diversity.weight': 0,
  'proposer.lossWeight': 1,
  'solver.estimation': { samples: 8, round: 0, settled: 0, priorSolved: 0, priorFailed: 0 },
  'solver.batch': 'newest',
  'solver.tasks': perType(64),
  'solver.malformedReward': -1,
  'solver.wrongReward': -0.5,
  'solver.lossWeight': 1,
  'rollout.temperature': 1,
  'rollout.topP': 1,
  'rollout.maxPromptTokens': 6_144,
  'rollout.maxTokens': 8_096,
  'curriculum.capacity': 16_384,
  'curriculum.seeding.from': 'policy',
  'curriculum.seeding.count': 256,
  'curriculum.seeding.strip': 'globals',
  'advantage.estimator': 'trr++',
  'advantage.weighting': 'token',
  'update.learningRate': 1e-6,
  'update.weightDecay': 0.01,
  'update.gradientClip': 1,
  'update.miniBatch': 128,
  'update.order': 'released',
  'update.epochs': 1,
  'update.clipLow': 0.2,
  'update.clipHigh': 0.2,
  'update.aggregation': 'token-mean',
  'update.entropyCoefficient': 0.001,
  'checkpoint.every': 10,
  'evaluation.every': 10,
  'evaluation.cruxeval': 'none',
  'evaluation.samples': 1,
  'evaluation.temperature': 0,
  'executor.timeoutMs': 10_000,
  'executor.outputBytes': 400,
};

const MODELS = {
  'azr-coder-3b': 'Qwen/Qwen2.5-Coder-3B',
  'azr-base-7b': 'Qwen/Qwen2.5-7B',
  'azr-coder-7b': 'Qwen/Qwen2.5-Coder-7B',
  'azr-coder-14b': 'Qwen/Qwen2.5-Coder-14B',
  'azr-llama-8b': 'meta-llama/Llama-3.1-8B',
};

describe('the presets', () => {
  it('are the embedded one and those of the released runs, each with a description', () => {
    expect(presetNames()).toEqual(['embedded', ...Object.keys(MODELS)].sort());
    for (const name of presetNames()) expect(presetDescription(name)).toMatch(/\w/);
  });

  it.each(presetFiles())('give the source of every value: %s', (_, text) => {
    const values = text.split('\n').filter((line) => /^ *\w+:/.test(line) && !/^(description|extends):/.test(line));
    const bare = values.filter((line) => !line.includes(' # ') && !/^ *\w+:$/.test(line));
    expect(values.length).toBeGreaterThan(0);
    expect(bare).toEqual([]);
  });
});

describe.each(Object.entries(MODELS))('the preset %s', (preset, model) => {
  const { spec } = resolveSpec({ preset });

  it('has the values of the paper and of the released runs', () => {
    expect(spec.policy.dir).toBe(model);
    expect(Object.fromEntries(Object.keys(AS_RELEASED).map((path) => [path, at(spec, path)]))).toEqual(AS_RELEASED);
  });

  it('plans a step of 64 sequences for each of two roles and three types, in three mini-batches', () => {
    const plan = planStep(2, 1, bufferOf(100), planSettings(spec));
    const counts = (places: readonly { type: TaskType }[]) =>
      Object.fromEntries([...groupBy(places, ({ type }) => type)].map(([type, of]) => [type, of.length]));
    const { error: _, ...each } = perType(64);
    expect([counts(plan.proposals), counts(plan.solver)]).toEqual([each, each]);
    for (const { type, references } of plan.proposals) {
      expect(new Set(references).size).toBe(type === 'induction' ? 1 : 6);
    }
    expect((plan.proposals.length + plan.solver.length) / spec.update.miniBatch).toBe(3);
  });
});

/** The value or the section at a dotted path. */
const at = (settings: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((section, key) => (section as Record<string, unknown>)[key], structuredClone(settings));

function presetFiles(): [file: string, text: string][] {
  const dir = join(__dirname, 'presets');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => [file, readFileSync(join(dir, file), 'utf8')]);
}

/** `count` tasks of each type but error, half of them seeds. */
function bufferOf(count: number): TaskBuffer {
  const tasks = TASK_TYPES.filter((type) => type !== 'error').flatMap((type) =>
    Array.from({ length: count }, (_, i): BufferedTask => {
      const ids = { id: `${type}-${i}`, namelessId: `${type}-${i}` };
      const standing = { ...ids, program: 'def f(x):\n    return x', solveRate: null, uses: 0 };
      const admittedStep = i < count / 2 ? 0 : 1;
      return type === 'induction'
        ? { ...standing, admittedStep, type, pairs: [{ input: '1', output: '1' }], message: '' }
        : { ...standing, admittedStep, type, input: '1', output: '1' };
    }),
  );
  return new TaskBuffer(1, tasks, 16_384);
}
