import { temporaryFiles } from '../../test/support/temporary-files';
import { InvalidSettings } from '../domain/errors';
import { refuseChangedSettings } from './changed-settings';
import { presetNames } from './preset-files';
import { resolveSpec } from './resolve-spec';
import { leaves } from './setting-paths';
import { validateStoredSpec } from './validate-spec';

const embedded = (...sets: string[]) => resolveSpec({ preset: 'embedded', sets });
const problemsOf = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
};
const fileOf = temporaryFiles();
const configFile = (text: string) => fileOf('run.yaml', text);

describe('resolving a run', () => {
  it.each(presetNames())('accepts the preset %s as it is', (preset) => {
    expect(resolveSpec({ preset }).named.size).toBe(0);
  });

  it('lets --set win over --config and --config over the preset', () => {
    const file = configFile('seed: 3\nupdate:\n  learningRate: 0.5\n');
    const { spec, named } = resolveSpec({ preset: 'embedded', configFile: file, sets: ['update.learningRate=1e-4'] });
    expect([spec.seed, spec.update.learningRate, spec.solver.estimation.samples]).toEqual([3, 1e-4, 8]);
    expect([...named.keys()]).toEqual(['seed', 'update.learningRate']);
  });

  it('names every wrong setting at once, with its value and what is legal', () => {
    const sets = [
      'update.learningRate=-1',
      'update.maskThreshold=1',
      'solver.estimation.samples=two',
      'proposer.colour=red',
      'prompt.format=long',
      'x.y=1',
    ];
    const problems = problemsOf(() => embedded(...sets));
    expect(problems.map(({ path, value }) => [path, value])).toEqual(
      expect.arrayContaining([
        ['update.learningRate', -1],
        ['update.maskThreshold', 1],
        ['solver.estimation.samples', 'two'],
        ['proposer.colour', 'red'],
        ['prompt.format', 'long'],
        ['x', { y: 1 }],
      ]),
    );
    expect(problems).toHaveLength(6);
    const legal = Object.fromEntries(problems.map((problem) => [problem.path, problem.legal]));
    expect(legal['update.learningRate']).toContain('above 0');
    expect(legal['update.maskThreshold']).toContain('0 or a number above 1');
    expect(legal['proposer.colour']).toBe('there is no such setting');
    expect(legal['prompt.format']).toContain('compact');
  });

  it('refuses a count of a type that does not exist, by its path', () => {
    const problems = problemsOf(() => embedded('proposer.proposals.deductions=3', 'solver.tasks={guess: 1}'));
    expect(problems).toEqual([
      { path: 'proposer.proposals.deductions', value: 3, legal: 'there is no such setting' },
      { path: 'solver.tasks.guess', value: 1, legal: 'there is no such setting' },
    ]);
  });

  it.each([['http://a'], ['[a:80]'], ['["http://a/v1"]'], ['["ftp://a"]'], ['["http://a", "http://a/"]']])(
    'refuses rollout.servers=%s, which is no list of different base URLs',
    (value) => {
      expect(problemsOf(() => embedded(`rollout.servers=${value}`))).toMatchObject([
        { path: 'rollout.servers', legal: expect.stringContaining('each such as http://127.0.0.1:8000, without') },
      ]);
      const servers = ['http://a:8000', 'https://b/vllm/'];
      expect(embedded(`rollout.servers=${JSON.stringify(servers)}`).spec.rollout.servers).toEqual(servers);
    },
  );

  it('changes one count of a section and leaves the others', () => {
    const { proposer } = embedded('proposer.proposals={induction: 4}').spec;
    expect(proposer.proposals).toEqual({ deduction: 16, abduction: 16, induction: 4, error: 0 });
  });

  it.each([['seed'], ['=3'], ['a b=3'], ['__proto__.polluted=1']])('refuses --set %s', (text) => {
    expect(problemsOf(() => embedded(text))[0]!.legal).toContain('path=value');
  });

  it('refuses a section that is not one, an unknown preset and a file that is no mapping', () => {
    expect(problemsOf(() => embedded('update=fast'))[0]!.path).toBe('update');
    expect(problemsOf(() => resolveSpec({ preset: 'huge' }))[0]!.legal).toContain('embedded');
    expect(() => resolveSpec({ preset: 'embedded', configFile: '/nowhere.yaml' })).toThrow('there is no such file');
    expect(() => resolveSpec({ preset: 'embedded', configFile: configFile('- 1') })).toThrow('mapping');
  });

  it('cannot be used to reach an object’s prototype', () => {
    const file = configFile('"__proto__": {"polluted": 1}\n');
    const refused = (attempt: () => unknown) => expect(problemsOf(attempt)[0]!.legal).toBe('there is no such setting');
    refused(() => resolveSpec({ preset: 'embedded', configFile: file }));
    for (const name of ['constructor', 'toString', 'update.constructor']) refused(() => embedded(`${name}=1`));
    refused(() => embedded('update={__proto__: {x: 1}}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('where a setting was said', () => {
  it('is known of every setting: preset, the base that it extends, config file, --set, or an option of its own', () => {
    const file = configFile('update:\n  learningRate: 0.5\n  epochs: 2\n');
    const { spec, origins } = resolveSpec({
      preset: 'azr-coder-3b',
      configFile: file,
      sets: ['update.learningRate=0.25', 'proposer.proposals={error: 64}', 'update.miniBatch=64'],
      options: [{ option: '--seed', path: 'seed', value: 7 }],
    });
    expect([spec.seed, spec.update.learningRate, spec.update.epochs]).toEqual([7, 0.25, 2]);
    const said = (path: string) => origins.get(path);
    expect(said('seed')).toBe('--seed');
    expect(said('update.learningRate')).toBe('--set');
    expect(said('update.epochs')).toBe(`--config ${file}`);
    expect(said('proposer.proposals.error')).toBe('--set');
    expect(said('proposer.proposals.deduction')).toBe('preset base/azr');
    expect(said('policy.dir')).toBe('preset azr-coder-3b');
    expect([...origins.keys()].sort()).toEqual(
      leaves(spec)
        .map(([path]) => path)
        .sort(),
    );
  });
});

describe('paths among the settings', () => {
  it('are absolute, so that a run may go on from another folder', () => {
    const { spec, named } = embedded(
      'policy.dir=mine',
      'evaluation={tasks: held.jsonl, cruxeval: crux.jsonl}',
      'curriculum.seeding.tasks=seed.jsonl',
    );
    expect(spec.policy.dir).toBe(`${process.cwd()}/mine`);
    expect(named.get('evaluation.tasks')).toBe(`${process.cwd()}/held.jsonl`);
    expect(spec.evaluation.cruxeval).toBe(`${process.cwd()}/crux.jsonl`);
    expect(spec.curriculum.seeding.tasks).toBe(`${process.cwd()}/seed.jsonl`);
  });

  it('leave the words that stand for none and for what ships', () => {
    const { spec } = embedded('evaluation={tasks: none, cruxeval: none}', 'curriculum.seeding.tasks=shipped');
    expect([spec.evaluation.tasks, spec.evaluation.cruxeval]).toEqual(['none', 'none']);
    expect([spec.policy.dir, spec.curriculum.seeding.tasks]).toEqual(['shipped', 'shipped']);
  });
});

describe('going on with a run', () => {
  it('refuses settings that are others in the stored run, and names them', () => {
    const stored = embedded().spec;
    const asked = embedded('seed=9', 'solver.estimation.samples=8').named;
    const problems = problemsOf(() => refuseChangedSettings(stored, asked));
    expect(problems).toEqual([{ path: 'seed', value: 9, legal: expect.stringContaining('has 0') }]);
  });

  it('reads the settings that were stored', () => {
    const { spec } = embedded('seed=5');
    expect(validateStoredSpec('r1', JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it('says of a run of another version which setting it is, how many more, and what can be done', () => {
    const { solver, ...stored } = embedded().spec;
    const old = { ...stored, solver: { ...solver, samples: 8 }, tasks: { types: ['deduction'] } };
    expect(() => validateStoredSpec('r1', old)).toThrow(
      /^run r1 has settings .* not accept \(tasks\.types: there is no such setting, and \d+ more\); .*--new/,
    );
  });
});
