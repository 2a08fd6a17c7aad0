import { parse } from 'yaml';
import { temporaryFiles } from '../../test/support/temporary-files';
import { presetNames } from '../config/preset-files';
import { resolveSpec } from '../config/resolve-spec';
import { leaves } from '../config/setting-paths';
import { settingsJson, settingsYaml } from './config';
import { runSources } from './run-sources';

const fileOf = temporaryFiles();
const resolved = (options: Partial<Parameters<typeof runSources>[0]> = {}) =>
  resolveSpec(runSources({ set: [], ...options }));

describe('azr config', () => {
  it('prints each setting with where it was said, the comments below each other', () => {
    const file = fileOf('run.yaml', 'update:\n  epochs: 2\n');
    const lines = settingsYaml(resolved({ config: file, set: ['solver.wrongReward=0'], seed: 7 })).split('\n');
    expect(lines.find((line) => line.startsWith('seed:'))).toMatch(/^seed: 7 +# --seed$/);
    expect(lines.find((line) => line.startsWith('  wrongReward:'))).toMatch(/^ {2}wrongReward: 0 +# --set$/);
    expect(lines.find((line) => line.startsWith('  epochs:'))).toMatch(/^ {2}epochs: 2 +# --config .*run\.yaml$/);
    expect(lines.find((line) => line.startsWith('  estimator:'))).toMatch(/# preset embedded$/);
    const columns = lines.filter((line) => !line.includes('banned:')).map((line) => line.indexOf('#'));
    expect(new Set(columns.filter((column) => column >= 0)).size).toBe(1);
  });

  it.each(presetNames())('prints YAML that is the same run again as --config: %s', (preset) => {
    const { spec } = resolved({ preset, set: ['seed=11', 'policy.dir="a # b: \\n c"'] });
    const text = settingsYaml({ ...resolved({ preset }), spec });
    expect(leaves(parse(text))).toEqual(leaves(spec));
    expect(resolved({ config: fileOf('again.yaml', text) }).spec).toEqual(spec);
  });

  it('gives value and source by path as JSON', () => {
    const { seed, 'tasks.bannedErrorKeywords': keywords, ...others } = settingsJson(resolved({ set: ['seed=3'] }));
    expect(seed).toEqual({ value: 3, source: '--set' });
    expect(keywords).toEqual({ value: ['raise'], source: 'preset embedded' });
    for (const { source } of Object.values(others)) expect(source).toBe('preset embedded');
  });
});

describe('the options that say which run is meant', () => {
  it('win over --set, and --seed-tasks also says that seeds come from a file', () => {
    const options = { preset: 'azr-coder-3b', set: ['seed=1', 'policy.dir=there'], seed: 2, policy: 'here' };
    const { spec, origins } = resolved({ ...options, seedTasks: 'seeds.jsonl' });
    expect([spec.seed, spec.policy.dir]).toEqual([2, `${process.cwd()}/here`]);
    expect(spec.curriculum.seeding).toMatchObject({ from: 'file', tasks: `${process.cwd()}/seeds.jsonl` });
    expect(origins.get('curriculum.seeding.from')).toBe('--seed-tasks');
  });

  it('take the embedded preset where none is named', () => {
    expect(resolved().named.size).toBe(0);
    expect(resolved().spec.policy.dir).toBe('shipped');
  });
});
