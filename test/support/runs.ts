import type { ProgramRun } from '../../src/verifier/ports';

/** Runs that an executor may report. */
export const ok = (output: string): ProgramRun => ({ status: 'ok', output });
export const raised = (exceptionType: string): ProgramRun => ({ status: 'exception', exceptionType, detail: '' });
export const failed = (status: Exclude<ProgramRun['status'], 'ok' | 'exception'>): ProgramRun => ({
  status,
  detail: '',
});
export const thrice = (run: ProgramRun): ProgramRun[] => [run, run, run];
