import { temporaryFiles } from '../../test/support/temporary-files';
import { InvalidSettings } from '../domain/errors';
import { refuseChangedSettings } from './changed-settings';
import { presetNames, resolveSpec } from './resolve-spec';

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
    expect([spec.seed, spec.update.learningRate, spec.solver.samples]).toEqual([3, 1e-4, 8]);
    expect([...named.keys()]).toEqual(['seed', 'update.learningRate']);
  });

  it('names every wrong setting at once, with its value and what is legal', () => {
    const sets = ['update.learningRate=-1', 'solver.samples=two', 'proposer.colour=red', 'prompt.format=long', 'x.y=1'];
    const problems = problemsOf(() => embedded(...sets));
    expect(problems.map(({ path, value }) => [path, value])).toEqual(
      expect.arrayContaining([
        ['update.learningRate', -1],
        ['solver.samples', 'two'],
        ['proposer.colour', 'red'],
        ['prompt.format', 'long'],
        ['x', { y: 1 }],
      ]),
    );
    expect(problems).toHaveLength(5);
    const legal = Object.fromEntries(problems.map((problem) => [problem.path, problem.legal]));
    expect(legal['update.learningRate']).toContain('above 0');
    expect(legal['proposer.colour']).toBe('there is no such setting');
    expect(legal['prompt.format']).toContain('compact');
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
    resolveSpec({ preset: 'embedded', configFile: file });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('paths among the settings', () => {
  it('are absolute, so that a run may go on from another folder', () => {
    const { spec, named } = embedded('policy.dir=mine', 'evaluation={tasks: held.jsonl}');
    expect(spec.policy.dir).toBe(`${process.cwd()}/mine`);
    expect(named.get('evaluation.tasks')).toBe(`${process.cwd()}/held.jsonl`);
    expect(spec.curriculum.seedTasks).toBe('shipped');
  });
});

describe('going on with a run', () => {
  it('refuses settings that are others in the stored run, and names them', () => {
    const stored = embedded().spec;
    const problems = problemsOf(() => refuseChangedSettings(stored, embedded('seed=9', 'solver.samples=8').named));
    expect(problems).toEqual([{ path: 'seed', value: 9, legal: expect.stringContaining('has 0') }]);
  });
});
