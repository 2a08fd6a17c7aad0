import type { VerifierSettings } from '../../src/verifier/settings';

/** Strict rules with small bounds; `tasks` and `executor` change single ones. */
export const verifierSettings = (
  tasks: Partial<VerifierSettings['tasks']> = {},
  executor: Partial<VerifierSettings['executor']> = {},
): VerifierSettings => ({
  tasks: {
    inductionInputs: 4,
    equality: 'strict',
    duplicates: 'reject',
    renamedDuplicates: 'reject',
    leaks: 'reject',
    constantOutputs: 'reject',
    ignoredInputs: 'reject',
    equalHiddenOutputs: 'reject',
    shownHiddenInputs: 'reject',
    banned: [],
    bannedErrorKeywords: [],
    stripComments: false,
    ...tasks,
  },
  executor: { timeoutMs: 1_000, memoryMib: 64, outputBytes: 400, inputLength: 20, ...executor },
});
