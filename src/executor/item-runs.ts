import { Cause, FrameStatus, type End, type Frame } from './frames';
import { ServerLost, type Outcome } from './fork-server';

/** What came of one item. `end` says how the process ended in it, if it did. */
export interface ItemResult {
  frames: Frame[];
  end?: End | 'lost';
  /** Group of the fork server. */
  group: number;
  /** The item was refused before any program ran. */
  refused: boolean;
}

/** An outcome and the group that it came from. */
export type Sent = Outcome & { group: number };

/** Fork servers that may be lost under one item. */
const ATTEMPTS = 3;

/**
 * Sends consecutive items, as many as a process lives for, until each has a result. A process that ends in an item has
 * spoilt that one alone: the next begins with the item after. If it could have been the doing of an item before, this
 * one is sent once more, as the first of its process.
 * @param send runs the items from `first` on in one process
 * @throws what `send` throws, but `ServerLost`
 */
export async function runItems(
  count: number,
  framesPerItem: number,
  send: (first: number) => Promise<Sent>,
): Promise<ItemResult[]> {
  const results: ItemResult[] = [];
  let lost = 0;
  while (results.length < count) {
    const first = results.length;
    const sent = await unlessLost(send(first));
    if (sent === undefined) {
      lost += 1;
      if (lost < ATTEMPTS) continue;
      lost = 0;
      results.push({ frames: [], end: 'lost', group: 0, refused: false });
      continue;
    }
    lost = 0;
    results.push(...resultsOf(endAtMemoryLimit(sent), framesPerItem));
  }
  return results;
}

async function unlessLost(sending: Promise<Sent>): Promise<Sent | undefined> {
  try {
    return await sending;
  } catch (error) {
    if (error instanceof ServerLost) return undefined;
    throw error;
  }
}

function resultsOf({ preamble, frames, end, group }: Sent, framesPerItem: number): ItemResult[] {
  const refused = new Set(preamble.text === '' ? [] : (JSON.parse(preamble.text) as number[]));
  const results: ItemResult[] = [];
  for (let at = 0; at + framesPerItem <= frames.length; at += framesPerItem) {
    const isRefused = refused.has(results.length);
    results.push({ frames: frames.slice(at, at + framesPerItem), group, refused: isRefused });
  }
  if (end.cause === Cause.Complete || (results.length > 0 && isDoubtful(end))) return results;
  const rest = frames.slice(results.length * framesPerItem);
  return [...results, { frames: rest, end, group, refused: false }];
}

/** Whether items before may have brought the process to its end: the clock is each item's own. */
const isDoubtful = (end: End): boolean => end.cause !== Cause.WallClock;

/** A child that ran out of memory says so in its last frame. */
function endAtMemoryLimit(sent: Sent): Sent {
  const at = sent.frames.findIndex(({ status }) => status === FrameStatus.MemoryLimit);
  if (at < 0) return sent;
  const { wallUs } = sent.frames[at]!;
  return { ...sent, frames: sent.frames.slice(0, at), end: { cause: Cause.OutOfMemory, code: 0, wallUs } };
}
