import type { ServerWritableStream } from '@grpc/grpc-js';
import { asCompleted } from '../../../domain/as-completed';
import { AzrError, InvalidSettings, PartUnavailable } from '../../../domain/errors';
import { PROMPT_FORMATS } from '../../../domain/prompt';
import {
  VerifierServiceService,
  type ScoreRequest,
  type ScoreResponse,
  type ValidateRequest,
  type ValidateResponse,
  type VerifierServiceServer,
} from '../../../generated/azr/v1/verifier';
import type { ProgramExecutor } from '../../../verifier/ports';
import type { GrpcService } from '../grpc-service';
import { unary, type Report } from '../handlers';
import { Streams } from '../streams';
import { rulesOf, type Rules } from './rules';
import { groupsOf, ScoreAnswers } from './score-answers';
import { ValidateProposals } from './validate-proposals';

const MOST_ITEMS = 10_000;
/** Each holds its request in memory. */
const MOST_CALLS = 64;
/** Of one call: half of them keep the executor busy, and calls still take turns. */
const AT_A_TIME = 32;
/** How long a caller may leave a result, unless told. */
const PATIENCE_MS = 600_000;

/** Where the programs of callers run. */
export interface Jail {
  /** For one call: what runs for it is ended when the signal aborts. An executor is started at the first need. */
  executor(signal: AbortSignal): ProgramExecutor;
  /** @throws PartUnavailable */
  capabilities(): Promise<{ tier: number; pythonVersion: string }>;
}

/** `azr.v1.VerifierService`. */
export class VerifierService implements GrpcService {
  readonly name = 'azr.v1.VerifierService';
  readonly proto = 'azr/v1/verifier.proto';
  readonly definition = VerifierServiceService;
  readonly implementation: VerifierServiceServer;
  private readonly streams: Streams;

  constructor(
    private readonly jail: Jail,
    report: Report,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.streams = new Streams(report);
    this.implementation = {
      validate: (call) => this.answer(call, (request, signal) => this.validations(request, signal)),
      score: (call) => this.answer(call, (request, signal) => this.verdicts(request, signal)),
      getCapabilities: unary(async () => {
        const { tier, pythonVersion } = await jail.capabilities();
        return { tier, pythonVersion, promptFormats: Object.keys(PROMPT_FORMATS) };
      }, report),
    };
  }

  close(): void {
    this.streams.end(new PartUnavailable('control plane', 'the control plane ends; send again what has no result'));
  }

  private answer<Request, Response>(
    call: ServerWritableStream<Request, Response>,
    results: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
  ): void {
    void this.streams.answer(call, (request, ending) =>
      whileTaken(results(request, ending.signal), this.patienceMs, ending),
    );
  }

  private async *validations(request: ValidateRequest, signal: AbortSignal): AsyncIterable<ValidateResponse> {
    const rules = this.rulesFor(request);
    const proposals = new ValidateProposals(this.jail.executor(signal), rules);
    yield* asCompleted(request.items.entries(), AT_A_TIME, ([index, item]) => proposals.respond(item, index));
  }

  private async *verdicts(request: ScoreRequest, signal: AbortSignal): AsyncIterable<ScoreResponse> {
    const rules = this.rulesFor(request);
    const answers = new ScoreAnswers(this.jail.executor(signal), rules);
    const groups = asCompleted(groupsOf(request.items), AT_A_TIME, (group) => answers.respond(group));
    for await (const responses of groups) yield* responses;
  }

  /** @throws InvalidSettings; PartUnavailable where there are enough calls already */
  private rulesFor({ options, items }: ValidateRequest | ScoreRequest): Rules {
    if (this.streams.count > MOST_CALLS) {
      throw new PartUnavailable('verifier', `${MOST_CALLS} calls are being answered; try again later`);
    }
    const { length } = items;
    if (length > 0 && length <= MOST_ITEMS) return rulesOf(options);
    throw new InvalidSettings([{ path: 'items', value: length, legal: `a call has 1 to ${MOST_ITEMS} items` }]);
  }
}

/** Ends the call of someone who neither takes results nor goes away. */
async function* whileTaken<T>(
  results: AsyncIterable<T>,
  patienceMs: number,
  ending: AbortController,
): AsyncIterable<T> {
  const late = new AzrError('timeout', `a result was not taken for ${patienceMs / 1_000} s`);
  for await (const result of results) {
    const timer = setTimeout(() => ending.abort(late), patienceMs);
    try {
      yield result;
    } finally {
      clearTimeout(timer);
    }
  }
}
