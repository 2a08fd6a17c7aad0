import { credentials, type CallOptions, type ClientReadableStream } from '@grpc/grpc-js';
import {
  ScoreItem,
  ScoreRequest,
  ValidateItem,
  ValidateRequest,
  VerifierOptions,
  VerifierServiceClient,
  type ScoreResponse,
  type Task,
  type ValidateResponse,
  type VerifierServiceGetCapabilitiesResponse,
} from '../../src/generated/azr/v1/verifier';
import { answer } from './run-client';

export type Scored = ScoreResponse['result'];
export type Validated = ValidateResponse['result'];

/** VerifierService as a caller elsewhere uses it. */
export class VerifierClient {
  private readonly client: VerifierServiceClient;

  constructor(readonly address: string) {
    this.client = new VerifierServiceClient(address, credentials.createInsecure());
  }

  score(
    items: ScoreItem[],
    options: Partial<VerifierOptions> = {},
    call: CallOptions = {},
  ): ClientReadableStream<ScoreResponse> {
    return this.client.score(ScoreRequest.fromPartial({ options, items }), call);
  }

  /** The results in the order of the items. @throws ServiceError, and where an item has no result or two */
  scored(items: ScoreItem[], options?: Partial<VerifierOptions>, call?: CallOptions): Promise<Scored[]> {
    return inOrder(this.score(items, options, call), items.length);
  }

  validate(items: ValidateItem[], options: Partial<VerifierOptions> = {}): ClientReadableStream<ValidateResponse> {
    return this.client.validate(ValidateRequest.fromPartial({ options, items }));
  }

  /** Likewise. */
  validated(items: ValidateItem[], options?: Partial<VerifierOptions>): Promise<Validated[]> {
    return inOrder(this.validate(items, options), items.length);
  }

  capabilities(): Promise<VerifierServiceGetCapabilitiesResponse> {
    return answer((done) => this.client.getCapabilities({}, done));
  }

  close(): void {
    this.client.close();
  }
}

async function inOrder<R>(stream: AsyncIterable<unknown>, count: number): Promise<R[]> {
  const results = new Map<number, R>();
  for await (const { index, result } of stream as AsyncIterable<{ index: number; result: R }>) {
    if (results.has(index) || index >= count) throw new Error(`a result too many, for ${index}`);
    results.set(index, result);
  }
  return Array.from({ length: count }, (_, i) => {
    if (!results.has(i)) throw new Error(`no result for ${i}`);
    return results.get(i)!;
  });
}

/** An answer alone, to a task. */
export const bareAnswer = (task: Task['task'], bare: string): ScoreItem => ({
  task: { task },
  answer: { $case: 'bare', value: bare },
});

/** A task of which the parts that are not named are empty. */
export const triplet = (
  $case: 'deduction' | 'abduction' | 'error',
  { program = '', output = '' }: { program?: string; output?: string },
): Task['task'] => ({ $case, value: { program, input: '', output } });

/** `correct`, a reason such as `wrong_value`, or the field that is illegal. */
export function shortly(result: Scored | Validated): string {
  if (result?.$case === 'error') return result.value.field;
  const { outcome, reason } = result!.value;
  if (/_(?:CORRECT|ACCEPTED)$/.test(outcome)) return outcome.replace(/^.*_OUTCOME_/, '').toLowerCase();
  return reason.replace('REASON_', '').toLowerCase();
}
