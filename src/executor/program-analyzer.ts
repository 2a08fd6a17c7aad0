import { hash } from 'node:crypto';
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
  private readonly known = new LRUCache<string, Known>({ maxSize: MOST_REMEMBERED });

  constructor(private readonly pool: ForkServerPool) {}

  /** What was read of a program before, be it skimmed or all, if it still is there. */
  remembered(program: string): KnownProgram | undefined {
    return this.known.get(hashOf(program));
  }

  /**
   * What is known of each program, in order.
   * @param skim whether it is enough to know if and how they may be run; the rest may be empty
   * @throws PartUnavailable; the signal's reason if it was aborted
   */
  async read(programs: readonly string[], skim: boolean, signal?: AbortSignal): Promise<KnownProgram[]> {
    const found = new Map(programs.map((program) => [program, this.known.get(hashOf(program))]));
    const unknown = [...found].flatMap(([program, known]) => (known && (skim || known.isWhole) ? [] : [program]));
    for (const batch of batches(unknown, Buffer.byteLength)) {
      const read = await this.readInChild(batch, skim, signal);
      batch.forEach((program, i) => found.set(program, this.remember(program, { ...read[i]!, isWhole: !skim })));
    }
    return programs.map((program) => found.get(program)!);
  }

  private remember(program: string, known: Known): Known {
    if (known.analysis.syntaxError !== LOST) {
      this.known.set(hashOf(program), known, { size: 1 + CHARACTERS_A_CHARACTER * program.length });
    }
    return known;
  }

  private async readInChild(programs: readonly string[], skim: boolean, signal?: AbortSignal): Promise<KnownProgram[]> {
    const request = (first: number): ForkRequest => ({
      kind: skim ? RequestKind.Skim : RequestKind.Analyze,
      frames: programs.length - first,
      ...LIMITS,
      payload: { calls: 1, depth: 0, outputLimit: 0, items: programs.slice(first) },
    });
    const send = (first: number): Promise<Sent> =>
      this.pool.use({ library: 'whole' }, signal, async (server) => ({
        ...(await server.run(request(first), signal)),
        group: server.kind.group,
      }));
    const read: KnownProgram[] = [];
    for await (const results of runItems(programs.length, 1, send)) read.push(...results.map(knownOf));
    return read;
  }
}

export interface KnownProgram {
  analysis: ProgramAnalysis;
  /** As CPython's `marshal` writes it, where the program compiles. */
  code?: Buffer;
}

interface Known extends KnownProgram {
  /** Whether it is all that can be read of it. */
  isWhole: boolean;
}

/** Perhaps the host's doing, so that it is not remembered. */
const LOST = 'CPython ends when it compiles it';

const hashOf = (program: string): string => hash('sha256', program, 'base64');

function knownOf({ frames: [frame], end }: ItemResult): KnownProgram {
  if (frame !== undefined) {
    const { code, ...read } = JSON.parse(frame.text) as Partial<ProgramAnalysis> & { code?: string };
    return { analysis: { ...NOTHING_READ, ...read }, ...(code ? { code: Buffer.from(code, 'base64') } : {}) };
  }
  if (end === 'lost') return unreadable(LOST);
  if (end?.cause === Cause.Starved) throw new PartUnavailable('executor', 'its host is too busy to read a program');
  return unreadable(`CPython cannot compile it within the limits (${Cause[end!.cause]})`);
}

const NOTHING_READ: ProgramAnalysis = {
  syntaxError: '',
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
  seesAddresses: false,
  leavesNothingBehind: false,
  metrics: { cognitive: 0, cyclomatic: 0, volume: 0, effort: 0 },
};

const unreadable = (syntaxError: string): KnownProgram => ({ analysis: { ...NOTHING_READ, syntaxError } });
