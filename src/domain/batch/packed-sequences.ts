/** One episode as the trainer sees it. */
export interface TrainSequence {
  promptTokenIds: readonly number[];
  responseTokenIds: readonly number[];
  /** Raw log-probability of each response token, as the rollout server said. */
  rolloutLogprobs: readonly number[];
  advantage: number;
  /** At least 0. */
  lossWeight: number;
  /** Above 0. */
  temperature: number;
  policyVersion: number;
}

/**
 * Sequences as flat arrays: what is stored, sent and replayed is the same bytes.
 * With S sequences of P_i prompt and R_i response tokens: `tokenIds` has ΣP_i + ΣR_i entries, prompt before
 * response, sequence after sequence; `rolloutLogprobs` ΣR_i; the others S.
 */
export interface PackedSequences {
  promptLengths: Uint32Array;
  responseLengths: Uint32Array;
  tokenIds: Int32Array;
  rolloutLogprobs: Float32Array;
  advantages: Float32Array;
  lossWeights: Float32Array;
  temperatures: Float32Array;
  policyVersions: Uint32Array;
}

export const packSequences = (sequences: readonly TrainSequence[]): PackedSequences => ({
  promptLengths: Uint32Array.from(sequences, (s) => s.promptTokenIds.length),
  responseLengths: Uint32Array.from(sequences, (s) => s.responseTokenIds.length),
  tokenIds: Int32Array.from(sequences.flatMap((s) => [...s.promptTokenIds, ...s.responseTokenIds])),
  rolloutLogprobs: Float32Array.from(sequences.flatMap((s) => [...s.rolloutLogprobs])),
  advantages: Float32Array.from(sequences, (s) => s.advantage),
  lossWeights: Float32Array.from(sequences, (s) => s.lossWeight),
  temperatures: Float32Array.from(sequences, (s) => s.temperature),
  policyVersions: Uint32Array.from(sequences, (s) => s.policyVersion),
});

/** The memory of one of the arrays: little-endian, as every machine that this runs on has it. */
export const bytesOf = (array: ArrayBufferView): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** Cuts a batch into chunks of at most `maxTokens` tokens (a longer sequence has a chunk to itself), in order. */
export function* chunkSequences(packed: PackedSequences, maxTokens: number): Generator<PackedSequences> {
  const count = packed.promptLengths.length;
  let [first, tokens, logprobs] = [0, 0, 0];
  while (first < count) {
    let [next, chunkTokens, chunkLogprobs] = [first, 0, 0];
    while (next < count) {
      const length = packed.promptLengths[next]! + packed.responseLengths[next]!;
      if (next > first && chunkTokens + length > maxTokens) break;
      chunkTokens += length;
      chunkLogprobs += packed.responseLengths[next]!;
      next++;
    }
    yield {
      promptLengths: packed.promptLengths.subarray(first, next),
      responseLengths: packed.responseLengths.subarray(first, next),
      tokenIds: packed.tokenIds.subarray(tokens, tokens + chunkTokens),
      rolloutLogprobs: packed.rolloutLogprobs.subarray(logprobs, logprobs + chunkLogprobs),
      advantages: packed.advantages.subarray(first, next),
      lossWeights: packed.lossWeights.subarray(first, next),
      temperatures: packed.temperatures.subarray(first, next),
      policyVersions: packed.policyVersions.subarray(first, next),
    };
    [first, tokens, logprobs] = [next, tokens + chunkTokens, logprobs + chunkLogprobs];
  }
}
