import { Cause, FrameStatus, type End, type Frame } from './frames';
import { ServerLost, type Outcome } from './fork-server';

/** What came of one item. `end` says how the process ended in it, if it did. */
export interface ItemResult {
  frames: Frame[];
  end?: End | 'lost';
  /** Group of the fork server. */
  group: number;
}

/** An outcome and the group that it came from; `again` if the rest has to go to another kind of fork server. */
export type Sent = Outcome & { group: number; again?: boolean };

/** Fork servers that may be lost under one item, before it is taken to be the item's doing. */
const ATTEMPTS = 5;

/**
 * Sends consecutive items, as many as a process lives for, until each has a result; gives those of one process at a
 * time. A process that ends in an item has spoilt that one alone: the next begins with the item after. If it could have
 * been the doing of an item before, this one is sent once more, as the first of its process.
 * @param send runs the items from `first` on in one process
 * @throws what `send` throws, but `ServerLost`
 */
export async function* runItems(
  count: number,
  framesPerItem: number,
  send: (first: number) => Promise<Sent>,
): AsyncGenerator<ItemResult[]> {
  let done = 0;
  let lost = 0;
  while (done < count) {
    const sent = await unlessLost(send(done));
    lost = sent === undefined ? lost + 1 : 0;
    if (sent === undefined && lost < ATTEMPTS) continue;
    const results = sent === undefined ? [LOST] : resultsOf(endAtMemoryLimit(sent), framesPerItem);
    done += results.length;
    if (results.length > 0) yield results;
    lost = 0;
  }
}

const LOST: ItemResult = { frames: [], end: 'lost', group: 0 };

async function unlessLost(sending: Promise<Sent>): Promise<Sent | undefined> {
  try {
    return await sending;
  } catch (error) {
    if (error instanceof ServerLost) return undefined;
    throw error;
  }
}

function resultsOf({ frames, end, group, again }: Sent, framesPerItem: number): ItemResult[] {
  const results: ItemResult[] = [];
  for (let at = 0; at + framesPerItem <= frames.length; at += framesPerItem) {
    results.push({ frames: frames.slice(at, at + framesPerItem), group });
  }
  if (again || end.cause === Cause.Complete || (results.length > 0 && isDoubtful(end))) return results;
  const rest = frames.slice(results.length * framesPerItem);
  return [...results, { frames: rest, end, group }];
}

/** Whether items before may have brought the process to its end: the clock is each item's own. */
const isDoubtful = ({ cause }: End): boolean => cause !== Cause.WallClock && cause !== Cause.Starved;

/** A child that ran out of memory says so in its last frame. */
function endAtMemoryLimit(sent: Sent): Sent {
  const at = sent.frames.findIndex(({ status }) => status === FrameStatus.MemoryLimit);
  if (at < 0) return sent;
  const { wallUs, waitedUs } = sent.frames[at]!;
  return { ...sent, frames: sent.frames.slice(0, at), end: { cause: Cause.OutOfMemory, code: 0, wallUs, waitedUs } };
}
