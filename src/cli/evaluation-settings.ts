import { resolveSpec, type SpecSources } from '../config/resolve-spec';
import type { RunSpec } from '../config/run-spec';
import type { PromptFormatName } from '../domain/prompt';
import { runSources, type RunOptions } from './run-sources';

/** What says how a policy is asked and its answers are judged, on the command line. */
export interface EvaluationOptions extends Pick<RunOptions, 'preset' | 'config' | 'set' | 'seed'> {
  format?: PromptFormatName;
}

/** Settings of a policy that is made for a format, where no preset is named. */
const STANDARD: Record<PromptFormatName, { preset: string; sets: readonly string[] }> = {
  compact: { preset: 'embedded', sets: [] },
  // That preset bounds outputs as proposals are bounded; what a benchmark expects may be longer.
  paper: { preset: 'azr-coder-7b', sets: ['executor.outputBytes=16384'] },
};

/** The format that is told: by `--format`, a setting, or a named preset. @throws InvalidSettings */
export function toldFormat(options: EvaluationOptions): PromptFormatName | undefined {
  const { spec, named } = resolveSpec(sourcesOf(options, 'compact'));
  return options.preset !== undefined || named.has('prompt.format') ? spec.prompt.format : undefined;
}

/** @param format what the policy is made for @throws InvalidSettings */
export const evaluationSpec = (options: EvaluationOptions, format: PromptFormatName): RunSpec =>
  resolveSpec(sourcesOf({ ...options, format }, format)).spec;

function sourcesOf({ format, ...given }: EvaluationOptions, standard: PromptFormatName): SpecSources {
  const { preset, sets } = given.preset === undefined ? STANDARD[standard] : { preset: given.preset, sets: [] };
  const sources = runSources({ ...given, preset, set: [...sets, ...given.set] });
  const option = { option: '--format', path: 'prompt.format', value: format };
  return { ...sources, options: [...(sources.options ?? []), ...(format === undefined ? [] : [option])] };
}
