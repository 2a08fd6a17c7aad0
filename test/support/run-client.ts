import { credentials, type ClientUnaryCall, type ServiceError } from '@grpc/grpc-js';
import {
  RunServiceClient,
  type CreateRunRequest,
  type ListRunsResponse,
  type RunBudget,
  type TrainingRun,
  type WatchRunResponse,
} from '../../src/generated/azr/v1/run';

type Done<R> = (error: ServiceError | null, response: R) => void;
type WithRun = { run: TrainingRun | undefined };

/** RunService as a caller elsewhere uses it. */
export class RunClient {
  private readonly client: RunServiceClient;

  constructor(address: string) {
    this.client = new RunServiceClient(address, credentials.createInsecure());
  }

  create(request: Partial<CreateRunRequest> = {}): Promise<TrainingRun> {
    const whole = { requestId: '', preset: '', settings: {}, budget: undefined, ...request };
    return runOf((done) => this.client.createRun(whole, done));
  }

  get(runId: string): Promise<TrainingRun> {
    return runOf((done) => this.client.getRun({ runId }, done));
  }

  stop(runId: string): Promise<TrainingRun> {
    return runOf((done) => this.client.stopRun({ runId }, done));
  }

  resume(runId: string, budget?: RunBudget): Promise<TrainingRun> {
    return runOf((done) => this.client.resumeRun({ runId, budget }, done));
  }

  list(pageSize = 0, pageToken = ''): Promise<ListRunsResponse> {
    return answer((done) => this.client.listRuns({ pageSize, pageToken }, done));
  }

  watch(runId: string, afterSequence = 0): ReturnType<RunServiceClient['watchRun']> {
    return this.client.watchRun({ runId, afterSequence });
  }

  /** A watch to its end. */
  async watched(runId: string, afterSequence?: number): Promise<NonNullable<WatchRunResponse['item']>[]> {
    const items: NonNullable<WatchRunResponse['item']>[] = [];
    for await (const { item } of this.watch(runId, afterSequence)) items.push(item);
    return items;
  }

  close(): void {
    this.client.close();
  }
}

/** The response of a unary call. */
export const answer = <R>(call: (done: Done<R>) => ClientUnaryCall | void): Promise<R> =>
  new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));

const runOf = async (call: (done: Done<WithRun>) => ClientUnaryCall): Promise<TrainingRun> => (await answer(call)).run!;
