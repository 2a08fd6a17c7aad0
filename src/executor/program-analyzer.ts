import type { ProgramAnalysis } from '../generated/azr/v1/executor';
import { batches } from './batching';
import type { ForkServerPool } from './fork-server-pool';
import { Cause, RequestKind, type ForkRequest } from './frames';
import { runItems, type ItemResult, type Sent } from './item-runs';
import { PartUnavailable } from '../domain/errors';

const LIMITS = { timeoutMs: 5_000, memoryMib: 1_024, frameBytes: 16 << 20 };

/** Reads programs with CPython's parser in children that never run them. */
export class ProgramAnalyzer {
  constructor(private readonly pool: ForkServerPool) {}

  /** One analysis for each program, in order. @throws PartUnavailable; the signal's reason if it was aborted */
  async analyze(programs: readonly string[], signal?: AbortSignal): Promise<ProgramAnalysis[]> {
    const analyses: ProgramAnalysis[] = [];
    for (const batch of batches(programs)) analyses.push(...(await this.analyzeBatch(batch, signal)));
    return analyses;
  }

  private async analyzeBatch(programs: readonly string[], signal?: AbortSignal): Promise<ProgramAnalysis[]> {
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

function analysisOf({ frames: [frame], end }: ItemResult): ProgramAnalysis {
  if (end === 'lost') throw new PartUnavailable('executor', 'the fork server was lost, several times');
  if (frame !== undefined) return JSON.parse(frame.text) as ProgramAnalysis;
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
  metrics: { cognitive: 0, cyclomatic: 0, volume: 0, effort: 0 },
});
