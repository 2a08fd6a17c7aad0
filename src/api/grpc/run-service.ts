import type { ServerWritableStream } from '@grpc/grpc-js';
import { PartUnavailable } from '../../domain/errors';
import {
  RunServiceService,
  type RunServiceServer,
  type WatchRunRequest,
  type WatchRunResponse,
} from '../../generated/azr/v1/run';
import type { Runs } from '../../runs/runs';
import type { GrpcService } from './grpc-service';
import { sendAll, unary, type Report } from './handlers';
import { toTrainingRun, toWatchResponse } from './run-messages';
import { toBudget, toPageRequest, toRunId, toRunRequest } from './run-request';

/** `azr.v1.RunService` over the application's `Runs`. */
export class RunService implements GrpcService {
  readonly name = 'azr.v1.RunService';
  readonly proto = 'azr/v1/run.proto';
  readonly definition = RunServiceService;
  readonly implementation: RunServiceServer;
  private readonly watches = new Set<AbortController>();

  constructor(
    private readonly runs: Runs,
    private readonly report: Report,
  ) {
    this.implementation = {
      createRun: unary(async (request) => ({ run: toTrainingRun(await runs.create(toRunRequest(request))) }), report),
      getRun: unary(async ({ runId }) => ({ run: toTrainingRun(await runs.get(toRunId(runId))) }), report),
      listRuns: unary(async (request) => {
        const page = await runs.list(toPageRequest(request));
        return { runs: page.runs.map(toTrainingRun), nextPageToken: page.next ?? '' };
      }, report),
      watchRun: (call) => void this.watch(call),
      stopRun: unary(async ({ runId }) => ({ run: toTrainingRun(await runs.stop(toRunId(runId))) }), report),
      resumeRun: unary(
        async ({ runId, budget }) => ({ run: toTrainingRun(await runs.resume(toRunId(runId), toBudget(budget))) }),
        report,
      ),
    };
  }

  /** Watches end with UNAVAILABLE: whoever watches may do so again when there is a server. */
  close(): void {
    const ending = new PartUnavailable('control plane', 'the control plane ends; watch again after the last sequence');
    for (const watch of this.watches) watch.abort(ending);
  }

  private async watch(call: ServerWritableStream<WatchRunRequest, WatchRunResponse>): Promise<void> {
    const watch = new AbortController();
    this.watches.add(watch);
    call.on('cancelled', () => watch.abort());
    try {
      await sendAll(call, this.responses(call.request, watch.signal), watch.signal, this.report);
    } finally {
      this.watches.delete(watch);
    }
  }

  private async *responses({ runId, afterSequence }: WatchRunRequest, signal: AbortSignal) {
    for await (const item of this.runs.watch(toRunId(runId), afterSequence, signal)) yield toWatchResponse(item);
  }
}
