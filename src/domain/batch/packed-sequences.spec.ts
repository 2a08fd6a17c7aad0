import fc from 'fast-check';
import { chunkSequences, packSequences, type PackedSequences, type TrainSequence } from './packed-sequences';

const sequence = fc.record<TrainSequence>({
  promptTokenIds: fc.array(fc.nat(500), { minLength: 1, maxLength: 9 }),
  responseTokenIds: fc.array(fc.nat(500), { maxLength: 9 }),
  rolloutLogprobs: fc.constant([]),
  advantage: fc.integer({ min: -4, max: 4 }),
  lossWeight: fc.integer({ min: 0, max: 4 }),
  temperature: fc.constant(1),
  policyVersion: fc.nat(100),
});
const sequences = fc
  .array(sequence, { maxLength: 20 })
  .map((all) => all.map((one) => ({ ...one, rolloutLogprobs: one.responseTokenIds.map((id) => -id / 4) })));

describe('packed sequences', () => {
  it('come back whole and in order from chunks of any size', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 40 }), (all, maxTokens) => {
        const whole = packSequences(all);
        const chunks = [...chunkSequences(whole, maxTokens)];
        for (const field of Object.keys(whole) as (keyof PackedSequences)[]) {
          expect(chunks.flatMap((chunk) => [...chunk[field]])).toEqual([...whole[field]]);
        }
      }),
      { seed: 1 },
    );
  });

  it('are cut at sequences, and a chunk exceeds its bound only where one sequence does', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 40 }), (all, maxTokens) => {
        for (const chunk of chunkSequences(packSequences(all), maxTokens)) {
          const lengths = [...chunk.promptLengths].map((prompt, i) => prompt + chunk.responseLengths[i]!);
          expect(chunk.tokenIds.length).toBe(lengths.reduce((sum, length) => sum + length, 0));
          expect(chunk.tokenIds.length <= maxTokens || lengths.length === 1).toBe(true);
        }
      }),
      { seed: 1 },
    );
  });

  it('put a prompt before its response', () => {
    const packed = packSequences([
      {
        promptTokenIds: [1, 2],
        responseTokenIds: [3],
        rolloutLogprobs: [-0.5],
        advantage: 2,
        lossWeight: 0.25,
        temperature: 1,
        policyVersion: 7,
      },
    ]);
    expect([...packed.tokenIds]).toEqual([1, 2, 3]);
    expect([...packed.rolloutLogprobs]).toEqual([-0.5]);
  });
});
