import { PartUnavailable } from '../domain/errors';
import { RunMode, RunStatus, type Run } from '../generated/azr/v1/executor';
import type { ProgramAnalysis, ProgramExecutor, ProgramRun, RunFailure, RunLimits } from '../verifier/ports';
import { ExecutorClient } from './client';

/** The verifier's port over gRPC. */
export class ExecutorAdapter implements ProgramExecutor {
  private readonly client: ExecutorClient;

  /** @param address `unix:/path` or `host:port` */
  constructor(address: string) {
    this.client = new ExecutorClient(address);
  }

  async runAcross(program: string, input: string, limits: RunLimits): Promise<ProgramRun[]> {
    const request = { program, inputs: [input], limits, runMode: RunMode.RUN_MODE_ACROSS };
    const [response] = await this.client.execute(request);
    return (response?.runs ?? []).map(toProgramRun);
  }

  async analyze(program: string): Promise<ProgramAnalysis> {
    const [analysis] = await this.client.analyze([program]);
    if (analysis === undefined) throw new PartUnavailable('executor', 'the executor gave no analysis');
    return analysis;
  }

  close(): void {
    this.client.close();
  }
}

function toProgramRun({ status, output, detail }: Run): ProgramRun {
  if (status === RunStatus.RUN_STATUS_OK) return { status: 'ok', output };
  // A program that brings its fork server down each time it is tried has no result.
  return { status: FAILURES[status] ?? 'no_result', detail };
}

const FAILURES: Partial<Record<RunStatus, RunFailure>> = {
  [RunStatus.RUN_STATUS_EXCEPTION]: 'exception',
  [RunStatus.RUN_STATUS_TIMEOUT]: 'timeout',
  [RunStatus.RUN_STATUS_MEMORY_LIMIT]: 'memory_limit',
  [RunStatus.RUN_STATUS_OUTPUT_LIMIT]: 'output_limit',
  [RunStatus.RUN_STATUS_INVALID_OUTPUT]: 'invalid_output',
  [RunStatus.RUN_STATUS_INVALID_INPUT]: 'invalid_input',
  [RunStatus.RUN_STATUS_CRASH]: 'crash',
  [RunStatus.RUN_STATUS_VIOLATION]: 'violation',
  [RunStatus.RUN_STATUS_NO_RESULT]: 'no_result',
};
