import type { OptionSetting, SpecSources } from '../config/resolve-spec';

/** What says which run is meant, on the command line. */
export interface RunOptions {
  preset?: string;
  config?: string;
  set: string[];
  seed?: number;
  policy?: string;
  seedTasks?: string;
}

/** What a run's settings are resolved from; the preset is `embedded` unless one is named. */
export const runSources = ({ preset = 'embedded', config, set, ...options }: RunOptions): SpecSources => ({
  preset,
  configFile: config,
  sets: set,
  options: optionSettings(options),
});

function optionSettings({ seed, policy, seedTasks }: Omit<RunOptions, 'preset' | 'config' | 'set'>): OptionSetting[] {
  const settings = [
    { option: '--seed', path: 'seed', value: seed },
    { option: '--policy', path: 'policy.dir', value: policy },
    { option: '--seed-tasks', path: 'curriculum.seeding.tasks', value: seedTasks },
    { option: '--seed-tasks', path: 'curriculum.seeding.from', value: seedTasks && 'file' },
  ];
  return settings.filter(({ value }) => value !== undefined);
}
