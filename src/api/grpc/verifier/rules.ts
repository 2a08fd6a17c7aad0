import { resolveSpec } from '../../../config/resolve-spec';
import { InvalidSettings } from '../../../domain/errors';
import { PROMPT_FORMATS, type PromptFormat } from '../../../domain/prompt';
import type { VerifierOptions } from '../../../generated/azr/v1/verifier';
import type { VerifierSettings } from '../../../verifier/settings';

/** What the proposals and answers of a request are judged by. */
export interface Rules {
  settings: VerifierSettings;
  /** Absent where whole responses cannot be read. */
  format?: PromptFormat;
}

/** What is wrong with a whole response where the options name no format. */
export const UNREADABLE = `to be read it needs options.prompt_format: ${Object.keys(PROMPT_FORMATS).join(' or ')}`;

/** Where nothing is said, beside what the preset has; as the contract states. */
const PRESET = 'embedded';
const DEFAULTS = {
  'tasks.inductionInputs': 10,
  'tasks.banned': [],
  'tasks.bannedErrorKeywords': [],
  'executor.timeoutMs': 5_000,
  'executor.memoryMib': 512,
  'executor.outputBytes': 65_536,
  'executor.inputLength': 65_536,
};

/** For each option its path among a run's settings, and its value. */
const named = (options: VerifierOptions): Record<string, [path: string, value: unknown]> => ({
  prompt_format: ['prompt.format', options.promptFormat],
  equality: ['tasks.equality', options.equality],
  'limits.timeout_ms': ['executor.timeoutMs', options.limits?.timeoutMs],
  'limits.memory_mib': ['executor.memoryMib', options.limits?.memoryMib],
  'limits.output_bytes': ['executor.outputBytes', options.limits?.outputBytes],
  'limits.input_length': ['executor.inputLength', options.limits?.inputLength],
  banned: ['tasks.banned', options.banned],
  banned_error_keywords: ['tasks.bannedErrorKeywords', options.bannedErrorKeywords],
  induction_inputs: ['tasks.inductionInputs', options.inductionInputs],
  strip_comments: ['tasks.stripComments', options.stripComments],
  duplicates: ['tasks.duplicates', options.duplicates],
  leaks: ['tasks.leaks', options.leaks],
  constant_outputs: ['tasks.constantOutputs', options.constantOutputs],
  equal_hidden_outputs: ['tasks.equalHiddenOutputs', options.equalHiddenOutputs],
  shown_hidden_inputs: ['tasks.shownHiddenInputs', options.shownHiddenInputs],
  ignored_inputs: ['tasks.ignoredInputs', options.ignoredInputs],
});

/** What protobuf gives for a field that was not sent. */
const isUnset = (value: unknown): boolean => !value || (Array.isArray(value) && value.length === 0);

/** @throws InvalidSettings naming the options that are not legal */
export function rulesOf(options: VerifierOptions | undefined): Rules {
  const given = Object.entries(options ? named(options) : {}).filter(([, [, value]]) => !isUnset(value));
  const said = [...Object.entries(DEFAULTS), ...given.map(([, setting]) => setting)];
  try {
    const { spec } = resolveSpec({
      preset: PRESET,
      options: said.map(([path, value]) => ({ option: 'options', path, value })),
    });
    return { settings: spec, ...(options?.promptFormat && { format: PROMPT_FORMATS[spec.prompt.format] }) };
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    const fields = new Map(given.map(([field, [path]]) => [path, field]));
    throw new InvalidSettings(
      error.problems.map((problem) => ({ ...problem, path: `options.${fields.get(problem.path) ?? problem.path}` })),
    );
  }
}
