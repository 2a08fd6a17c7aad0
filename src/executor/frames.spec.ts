import { Cause, encodeRequest, ReplyDecoder, RequestKind, type Reply } from './frames';

const reply = (kind: number, body: Buffer, micros = 0, detail = 0): Buffer => {
  const head = Buffer.alloc(16);
  [kind, body.length, micros, detail].forEach((word, i) => head.writeUInt32LE(word, 4 * i));
  return Buffer.concat([head, body]);
};

describe('frames', () => {
  const stream = Buffer.concat([
    reply(1, Buffer.from('{"x":1}')),
    reply(2, Buffer.from('\u0001[1, é]'), 7),
    reply(2, Buffer.from([9])),
    reply(4, Buffer.alloc(0), 5, 6),
    reply(3, Buffer.alloc(0), 8, Cause.Signal | (31 << 8)),
  ]);
  const replies: Reply[] = [
    { ready: '{"x":1}' },
    { frame: { status: 1, text: '[1, é]', wallUs: 7 } },
    { frame: { status: 9, text: '', wallUs: 0 } },
    { overdue: { idleMs: 6 } },
    { end: { cause: Cause.Signal, code: 31, wallUs: 8 } },
  ];

  it.each([1, 2, 3, 16, 17, 1000])('are read however they are cut, into %i bytes for instance', (size) => {
    const decoder = new ReplyDecoder();
    const read: Reply[] = [];
    for (let at = 0; at < stream.length; at += size) read.push(...decoder.push(stream.subarray(at, at + size)));
    expect(read).toEqual(replies);
  });

  it('that nobody sends are refused', () => {
    expect(() => [...new ReplyDecoder().push(reply(7, Buffer.alloc(0)))]).toThrow('unknown reply 7');
  });

  it('of a request carry the length of its payload', () => {
    const payload = { calls: 2, depth: 3, outputLimit: 4, items: ['é', ''] };
    const bounds = { frames: 5, timeoutMs: 6, memoryMib: 7, frameBytes: 8 };
    const request = encodeRequest({ kind: RequestKind.Execute, ...bounds, payload });
    const words = Array.from({ length: 10 }, (_, i) => request.readUInt32LE(4 * i));
    expect(words).toEqual([1, 5, 6, 7, 8, request.length - 24, 2, 3, 4, 2]);
    expect(request.subarray(40)).toEqual(Buffer.from('\u0002\0\0\0é\0\0\0\0'));
  });
});
