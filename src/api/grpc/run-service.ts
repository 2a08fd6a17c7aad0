import { PartUnavailable } from '../../domain/errors';
import { RunServiceService, type RunServiceServer, type WatchRunRequest } from '../../generated/azr/v1/run';
import type { Runs } from '../../runs/runs';
import type { GrpcService } from './grpc-service';
import { unary, type Report } from './handlers';
import { toTrainingRun, toWatchResponse } from './run-messages';
import { toBudget, toPageRequest, toRunId, toRunRequest } from './run-request';
import { Streams } from './streams';

/** `azr.v1.RunService` over the application's `Runs`. */
export class RunService implements GrpcService {
  readonly name = 'azr.v1.RunService';
  readonly proto = 'azr/v1/run.proto';
  readonly definition = RunServiceService;
  readonly implementation: RunServiceServer;
  private readonly watches: Streams;

  constructor(
    private readonly runs: Runs,
    report: Report,
  ) {
    this.watches = new Streams(report);
    this.implementation = {
      createRun: unary(async (request) => ({ run: toTrainingRun(await runs.create(toRunRequest(request))) }), report),
      getRun: unary(async ({ runId }) => ({ run: toTrainingRun(await runs.get(toRunId(runId))) }), report),
      listRuns: unary(async (request) => {
        const page = await runs.list(toPageRequest(request));
        return { runs: page.runs.map(toTrainingRun), nextPageToken: page.next ?? '' };
      }, report),
      watchRun: (call) => void this.watches.answer(call, (request, { signal }) => this.responses(request, signal)),
      stopRun: unary(async ({ runId }) => ({ run: toTrainingRun(await runs.stop(toRunId(runId))) }), report),
      resumeRun: unary(
        async ({ runId, budget }) => ({ run: toTrainingRun(await runs.resume(toRunId(runId), toBudget(budget))) }),
        report,
      ),
    };
  }

  /** Watches end with UNAVAILABLE: whoever watches may do so again when there is a server. */
  close(): void {
    this.watches.end(
      new PartUnavailable('control plane', 'the control plane ends; watch again after the last sequence'),
    );
  }

  private async *responses({ runId, afterSequence }: WatchRunRequest, signal: AbortSignal) {
    for await (const item of this.runs.watch(toRunId(runId), afterSequence, signal)) yield toWatchResponse(item);
  }
}
