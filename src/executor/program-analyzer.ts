import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { PartUnavailable } from '../domain/errors';
import type { ProgramAnalysis } from '../generated/azr/v1/executor';
import { batches } from './batching';
import type { ForkServerPool } from './fork-server-pool';
import { Cause, RequestKind, type ForkRequest } from './frames';
import { runItems, type ItemResult, type Sent } from './item-runs';

const LIMITS = { timeoutMs: 5_000, memoryMib: 1_024, frameBytes: 16 << 20 };

/** Characters of all analyses that are remembered; an analysis has some ten times those of its program. */
const MOST_REMEMBERED = 64 << 20;
const CHARACTERS_A_CHARACTER = 10;

/**
 * Reads programs with CPython's parser in children that never run them. What was read is remembered by the program's
 * hash: reading costs a child some milliseconds, and a step asks for the same programs again and again.
 */
export class ProgramAnalyzer {
  private readonly known = new LRUCache<string, ProgramAnalysis>({ maxSize: MOST_REMEMBERED });

  constructor(private readonly pool: ForkServerPool) {}

  /** One analysis for each program, in order. @throws PartUnavailable; the signal's reason if it was aborted */
  async analyze(programs: readonly string[], signal?: AbortSignal): Promise<ProgramAnalysis[]> {
    const keys = programs.map(hashOf);
    const found = new Map(keys.map((key) => [key, this.known.get(key)]));
    const unknown = new Set(programs.filter((_, i) => !found.get(keys[i]!)));
    for (const batch of batches([...unknown])) {
      const analyses = await this.read(batch, signal);
      batch.forEach((program, i) => found.set(hashOf(program), this.remember(program, analyses[i]!)));
    }
    return keys.map((key) => found.get(key)!);
  }

  private remember(program: string, analysis: ProgramAnalysis): ProgramAnalysis {
    this.known.set(hashOf(program), analysis, { size: 1 + CHARACTERS_A_CHARACTER * program.length });
    return analysis;
  }

  private async read(programs: readonly string[], signal?: AbortSignal): Promise<ProgramAnalysis[]> {
    const request = (first: number): ForkRequest => ({
      kind: RequestKind.Analyze,
      frames: programs.length - first,
      ...LIMITS,
      payload: { calls: 1, depth: 0, outputLimit: 0, items: programs.slice(first) },
    });
    const send = (first: number): Promise<Sent> =>
      this.pool.use({ library: 'whole' }, signal, async (server) => ({
        ...(await server.run(request(first), signal)),
        group: server.kind.group,
      }));
    const analyses: ProgramAnalysis[] = [];
    for await (const results of runItems(programs.length, 1, send)) analyses.push(...results.map(analysisOf));
    return analyses;
  }
}

const hashOf = (program: string): string => createHash('sha256').update(program).digest('base64');

function analysisOf({ frames: [frame], end }: ItemResult): ProgramAnalysis {
  if (frame !== undefined) return JSON.parse(frame.text) as ProgramAnalysis;
  if (end === 'lost') return unreadable('CPython ends when it compiles it');
  if (end?.cause === Cause.Starved) throw new PartUnavailable('executor', 'its host is too busy to read a program');
  return unreadable(`CPython cannot compile it within the limits (${Cause[end!.cause]})`);
}

const unreadable = (syntaxError: string): ProgramAnalysis => ({
  syntaxError,
  functions: [],
  imports: [],
  names: [],
  canonical: '',
  statements: [],
  entryProgram: '',
  withoutComments: '',
  withoutGlobals: '',
  withoutNames: '',
  ignoresInput: false,
  seesHashes: false,
  leavesNothingBehind: false,
  metrics: { cognitive: 0, cyclomatic: 0, volume: 0, effort: 0 },
});
