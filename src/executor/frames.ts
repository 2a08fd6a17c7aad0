/** Frames between the supervisor and a fork server; the layout is described in `python/protocol.py`. */

export enum RequestKind {
  Execute = 1,
  Analyze = 2,
  Probe = 3,
  /** The running child is to be ended. */
  Cancel = 4,
  /** Answers an `overdue` reply: so many milliseconds more, or the end. */
  Extend = 5,
  /** As `Analyze`, for no more than what decides if and how a program may be run. */
  Skim = 6,
}

/** What a child says of one item: data, not to be believed where the program has run. */
export enum FrameStatus {
  Preamble = 0,
  Ok = 1,
  Exception = 2,
  MemoryLimit = 3,
  OutputLimit = 4,
  InvalidOutput = 5,
}

/** Exit code of a child whose program needs the library, in a fork server that has none. */
export const ELSEWHERE = 121;

/** How a child ended, as the fork server found it. */
export enum Cause {
  Complete = 0,
  Exit = 1,
  Signal = 2,
  WallClock = 3,
  CpuLimit = 4,
  OutOfMemory = 5,
  BadFrame = 6,
  Cancelled = 7,
  /** The clock ran out, and the child had hardly had a core; said by the supervisor alone. */
  Starved = 8,
  /** By the host, and not for anything that the child did. */
  Killed = 9,
}

export interface ForkRequest {
  kind: RequestKind;
  /** Frames that the child owes after its preamble. */
  frames: number;
  /** Wall clock of each of them, milliseconds. */
  timeoutMs: number;
  memoryMib: number;
  /** Longest frame, at most 16 MiB; a longer one ends the child. */
  frameBytes: number;
  payload: Payload;
}

export interface Payload {
  /** Calls of `f` on each input. */
  calls: number;
  /** Frames below the first call on the stack. */
  depth: number;
  outputLimit: number;
  /**
   * The program or its compiled code, one of them empty, and its inputs (`marshal.ts`); or programs to analyse, or the
   * number of a probe.
   */
  items: readonly (string | Uint8Array)[];
}

export interface Frame {
  /** A `FrameStatus`, or any other byte. */
  status: number;
  text: string;
  wallUs: number;
  /** Of `wallUs`, how long the clock stood still. */
  waitedUs?: number;
}

export interface End {
  cause: Cause;
  /** Exit code or signal, where the cause has one. */
  code: number;
  wallUs: number;
  waitedUs?: number;
}

/** The clock has run out; for so many milliseconds of it the child had no core, or did not want one. */
export interface Overdue {
  idleMs: number;
}

export type Reply = { ready: string } | { frame: Frame } | { end: End } | { overdue: Overdue };

const PAYLOAD_BYTES = 16;
const REPLY_BYTES = 16;

export function encodeRequest(request: ForkRequest): Buffer {
  const payload = encodePayload(request.payload);
  const { kind, frames, timeoutMs, memoryMib, frameBytes } = request;
  return Buffer.concat([words(kind, frames, timeoutMs, memoryMib, frameBytes, payload.length), payload]);
}

export const CANCEL_REQUEST = words(RequestKind.Cancel, 0, 0, 0, 0, 0);

/** @param ms for which the running child may go on; 0 ends it */
export const extendRequest = (ms: number): Buffer => words(RequestKind.Extend, 0, ms, 0, 0, 0);

function encodePayload({ calls, depth, outputLimit, items }: Payload): Buffer {
  const texts = items.map((item) => (typeof item === 'string' ? Buffer.from(item) : item));
  const bytes = texts.reduce((sum, text) => sum + 4 + text.length, PAYLOAD_BYTES);
  return Buffer.concat(
    [words(calls, depth, outputLimit, items.length), ...texts.flatMap((text) => [words(text.length), text])],
    bytes,
  );
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.allocUnsafe(4 * values.length);
  values.forEach((value, i) => buffer.writeUInt32LE(value, 4 * i));
  return buffer;
}

/** Cuts a fork server's output into replies. */
export class ReplyDecoder {
  private pending: Buffer[] = [];
  private size = 0;

  *push(chunk: Buffer): Generator<Reply> {
    this.pending.push(chunk);
    this.size += chunk.length;
    while (this.size >= REPLY_BYTES) {
      const head = this.peek(REPLY_BYTES);
      const bodyBytes = head.readUInt32LE(4);
      if (this.size < REPLY_BYTES + bodyBytes) return;
      const whole = this.take(REPLY_BYTES + bodyBytes);
      yield decodeReply(whole, whole.subarray(REPLY_BYTES));
    }
  }

  private peek(bytes: number): Buffer {
    if (this.pending[0]!.length < bytes) this.pending = [Buffer.concat(this.pending)];
    return this.pending[0]!;
  }

  private take(bytes: number): Buffer {
    const first = this.peek(bytes);
    this.size -= bytes;
    if (first.length > bytes) this.pending[0] = first.subarray(bytes);
    else this.pending.shift();
    return first.subarray(0, bytes);
  }
}

function decodeReply(head: Buffer, body: Buffer): Reply {
  const wallUs = head.readUInt32LE(8);
  const detail = head.readUInt32LE(12);
  switch (head.readUInt32LE(0)) {
    case 1:
      return { ready: body.toString() };
    case 2:
      return { frame: { status: body[0]!, text: body.toString('utf8', 1), wallUs } };
    case 3:
      return { end: { cause: detail & 0xff, code: detail >>> 8, wallUs } };
    case 4:
      return { overdue: { idleMs: detail } };
    default:
      throw new RangeError(`unknown reply ${head.readUInt32LE(0)} of a fork server`);
  }
}
