import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunkSequences } from '../domain/batch/packed-sequences';
import type { TrainBatch } from '../domain/batch/train-batch';
import { AzrError, PartUnavailable, type ErrorKind } from '../domain/errors';
import {
  Fault,
  OperationState,
  TrainerServiceClient,
  type GetOperationResponse,
  type Operation,
  type OperationContext,
  type TrainResponse,
} from '../generated/azr/v1/trainer';
import type { PolicySource, PolicyTrainer, RolloutServer, Saving, UpdateMetrics } from '../selfplay/ports';
import { toChunk, toHeader } from './train-messages';

/** Bound on one call; long operations are polled in calls of `POLL_MS`. */
const CALL_MS = 30_000;
const POLL_MS = 20_000;
/** Bound on an operation as a whole. */
const OPERATION_MS = 30 * 60_000;
/** A lost call is sent again under its id: the trainer answers a repeat with the first result. */
const ATTEMPTS = 5;
const BACKOFF_MS = 500;
const CHUNK_TOKENS = 128 * 1024;

/** The result of each kind of operation. */
type Results = { [R in NonNullable<Operation['result']> as R['$case']]: R['value'] };

/**
 * The trainer bridge over gRPC. Operations are numbered within the lease and sent one after another; of a checkpoint,
 * the next does not wait for the end.
 */
export class TrainerClient implements PolicyTrainer {
  private readonly client: TrainerServiceClient;
  private lease = { runId: '', epoch: 0, sequence: 0 };

  /** @param address host:port or unix:/path */
  constructor(private readonly address: string) {
    this.client = new TrainerServiceClient(address, credentials.createInsecure());
  }

  async load(
    runId: string,
    epoch: number,
    source: PolicySource,
    policyVersion: number,
    seed: number,
    referenceDir?: string,
  ): Promise<void> {
    this.lease = { runId, epoch, sequence: 0 };
    const context = this.context('load', policyVersion);
    const from =
      'policyDir' in source
        ? ({ $case: 'policyDir', value: source.policyDir } as const)
        : ({ $case: 'checkpointDir', value: source.checkpointDir } as const);
    await this.operate(context, 'loadPolicy', (done) =>
      this.client.loadPolicy(
        { context, source: from, seed, referenceDir: referenceDir ?? '' },
        new Metadata(),
        deadline(),
        done,
      ),
    );
  }

  async train(batch: TrainBatch): Promise<UpdateMetrics> {
    const context = this.context('train', batch.policyVersion, batch.id);
    const result = await this.operate(context, 'train', (done) => {
      const call = this.client.train(new Metadata(), deadline(), done);
      call.write({ part: { $case: 'header', value: toHeader(context, batch) } });
      for (const chunk of chunkSequences(batch.sequences, CHUNK_TOKENS)) {
        call.write({ part: { $case: 'chunk', value: toChunk(chunk) } });
      }
      call.end();
    });
    if (!result.metrics) throw new AzrError('internal', `the trainer gave no metrics for batch ${batch.id}`);
    return result.metrics;
  }

  async publish(policyVersion: number, servers: readonly RolloutServer[]): Promise<void> {
    const context = this.context('publish', policyVersion);
    const request = { context, servers: [...servers], phaseTimeoutMs: 0 };
    const result = await this.operate(context, 'publish', (done) =>
      this.client.publish(request, new Metadata(), deadline(), done),
    );
    const failed = result.servers.filter(({ error }) => error !== '');
    if (failed.length === 0) return;
    const reasons = failed.map(({ name, error }) => `${name}: ${error}`).join('; ');
    throw new PartUnavailable(failed[0]!.name, `policy version ${policyVersion} was not taken by ${reasons}`);
  }

  async saveCheckpoint(policyVersion: number, dir: string): Promise<Saving> {
    const context = this.context('checkpoint', policyVersion);
    const begun = await this.call<TrainResponse>((done) =>
      this.client.saveCheckpoint({ context, checkpointDir: dir }, new Metadata(), deadline(), done),
    );
    return { written: this.endOf(context, 'saveCheckpoint', begun).then(() => undefined) };
  }

  async exportPolicy(policyVersion: number, dir: string): Promise<void> {
    const context = this.context('export', policyVersion);
    await this.operate(context, 'exportPolicy', (done) =>
      this.client.exportPolicy({ context, exportDir: dir }, new Metadata(), deadline(), done),
    );
  }

  close(): void {
    this.client.close();
  }

  /** The next operation of the lease; only a batch has an id that outlives it. */
  private context(kind: string, expectedVersion: number, batchId?: string): OperationContext {
    const { runId, epoch } = this.lease;
    const sequence = ++this.lease.sequence;
    return {
      runId,
      leaseEpoch: epoch,
      sequence,
      operationId: batchId ?? `${kind}/${epoch}/${sequence}`,
      expectedVersion,
    };
  }

  /** Sends an operation until it is taken on, waits for its end, and gives its result. */
  private async operate<C extends keyof Results>(
    context: OperationContext,
    expected: C,
    send: (done: (error: ServiceError | null, response: TrainResponse) => void) => void,
  ): Promise<Results[C]> {
    return this.endOf(context, expected, await this.call<TrainResponse>(send));
  }

  /** Waits for the end of an operation that was taken on, and gives its result. */
  private async endOf<C extends keyof Results>(
    { operationId }: OperationContext,
    expected: C,
    begun: TrainResponse,
  ): Promise<Results[C]> {
    const end = Date.now() + OPERATION_MS;
    let operation = begun;
    while (operation.operation?.state === OperationState.OPERATION_STATE_RUNNING) {
      if (Date.now() > end) throw new AzrError('timeout', `the trainer did not finish ${operationId} in time`);
      operation = await this.call<GetOperationResponse>((done) =>
        this.client.getOperation({ operationId, waitMs: POLL_MS }, new Metadata(), deadline(), done),
      );
    }
    const { error, result } = operation.operation ?? {};
    if (error) throw new AzrError(KIND_OF_FAULT[error.fault], `the trainer failed ${operationId}: ${error.message}`);
    if (result?.$case !== expected) throw new AzrError('internal', `the trainer gave no result for ${operationId}`);
    return result.value as Results[C];
  }

  private async call<R>(send: (done: (error: ServiceError | null, response: R) => void) => void): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await new Promise<R>((resolve, reject) =>
          send((error, response) => (error ? reject(error) : resolve(response))),
        );
      } catch (error) {
        const failure = error as ServiceError;
        if (failure.code !== status.UNAVAILABLE || attempt === ATTEMPTS) throw this.explain(failure);
        await sleep(BACKOFF_MS * 2 ** (attempt - 1));
      }
    }
  }

  private explain(error: ServiceError): AzrError {
    if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
      return new PartUnavailable('trainer', `the trainer at ${this.address} does not answer: ${error.details}`);
    }
    return new AzrError(KIND_OF_STATUS[error.code] ?? 'internal', `the trainer refused: ${error.details}`);
  }
}

const deadline = (): { deadline: number } => ({ deadline: Date.now() + CALL_MS });

const KIND_OF_FAULT: Record<Fault, ErrorKind> = {
  [Fault.FAULT_UNSPECIFIED]: 'internal',
  [Fault.FAULT_REQUEST]: 'invalid',
  [Fault.FAULT_TRAINER]: 'internal',
};

const KIND_OF_STATUS: Partial<Record<status, ErrorKind>> = {
  [status.INVALID_ARGUMENT]: 'invalid',
  [status.FAILED_PRECONDITION]: 'conflict',
  [status.ABORTED]: 'conflict',
  [status.ALREADY_EXISTS]: 'conflict',
  [status.NOT_FOUND]: 'not_found',
};
