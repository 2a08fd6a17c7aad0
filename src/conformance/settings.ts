import { rulesOf } from '../api/grpc/verifier/rules';
import { VerifierOptions } from '../generated/azr/v1/verifier';
import type { VerifierSettings } from '../verifier/settings';

/**
 * What cases are judged with: the defaults of `VerifierService`, without two objections that the format of cases does
 * not have.
 * @param timeoutMs limit of one run
 */
export function caseSettings(timeoutMs: number): VerifierSettings {
  const { settings } = rulesOf(VerifierOptions.create({ limits: { timeoutMs }, equalHiddenOutputs: 'allow' }));
  return { ...settings, tasks: { ...settings.tasks, renamedDuplicates: 'allow' } };
}
