import { codePointsOf, type Arguments, type PyStr, type PyValue } from '../domain/value';

/** How an item begins: whether it holds values that `python/arguments.py` has to construct. */
const PLAIN = 0;
const CONSTRUCTED = 1;

const LARGEST_INT32 = 2n ** 31n - 1n;
/** CPython writes longer integers in digits of 15 bits. */
const DIGIT_BITS = 15n;
const DIGIT = (1n << DIGIT_BITS) - 1n;

/** An argument list in the form of CPython's `marshal`, version 2, which all later ones read; see `arguments.py`. */
export function marshalArguments({ positional, keyword }: Arguments): Buffer {
  const writer = new Writer();
  writer.pair(() => {
    writer.values('[', positional);
    writer.dictionary(keyword, (name) => writer.text(name));
  });
  return Buffer.concat([Buffer.of(writer.isConstructed ? CONSTRUCTED : PLAIN), writer.bytes()]);
}

class Writer {
  isConstructed = false;
  private buffer = Buffer.allocUnsafe(256);
  private length = 0;

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** A tuple of two. */
  pair(write: () => void): void {
    this.begin('(', 2);
    write();
  }

  values(letter: string, items: readonly PyValue[]): void {
    this.begin(letter, items.length);
    for (const item of items) this.value(item);
  }

  dictionary<K>(entries: readonly (readonly [key: K, value: PyValue])[], writeKey: (key: K) => void): void {
    this.tag('{');
    for (const [key, value] of entries) {
      writeKey(key);
      this.value(value);
    }
    this.tag('0');
  }

  text(text: string): void {
    this.blob('u', Buffer.from(text));
  }

  value(value: PyValue): void {
    switch (value.kind) {
      case 'none':
        return this.tag('N');
      case 'ellipsis':
        return this.tag('.');
      case 'bool':
        return this.tag(value.value ? 'T' : 'F');
      case 'int':
        return this.integer(value.value);
      case 'float':
        return this.doubles('g', value.value);
      case 'complex':
        return this.doubles('y', value.re, value.im);
      case 'str':
        return this.blob('u', encodeUtf8(value));
      case 'bytes':
        return this.blob('s', Buffer.from(value.latin1, 'latin1'));
      case 'list':
        return this.values('[', value.items);
      case 'tuple':
        return this.values('(', value.items);
      case 'set':
        return this.values('<', value.members);
      case 'dict':
        return this.dictionary(value.entries, (key) => this.value(key));
      case 'frozenset':
        return this.construct('frozenset', value.members);
      case 'range':
        return this.construct('range', [value.start, value.stop, value.step].map(asInteger));
    }
  }

  private construct(name: string, args: readonly PyValue[]): void {
    this.isConstructed = true;
    this.begin('(', 2 + args.length);
    this.tag('S');
    this.text(name);
    for (const argument of args) this.value(argument);
  }

  private integer(value: bigint): void {
    if (-LARGEST_INT32 <= value && value <= LARGEST_INT32) {
      this.tag('i');
      return this.word(Number(value));
    }
    const digits: number[] = [];
    for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= DIGIT_BITS) digits.push(Number(rest & DIGIT));
    this.tag('l');
    this.word(value < 0n ? -digits.length : digits.length);
    const at = this.room(2 * digits.length);
    digits.forEach((digit, i) => this.buffer.writeUInt16LE(digit, at + 2 * i));
  }

  private doubles(letter: string, ...values: number[]): void {
    this.tag(letter);
    const at = this.room(8 * values.length);
    values.forEach((value, i) => this.buffer.writeDoubleLE(value, at + 8 * i));
  }

  private blob(letter: string, bytes: Uint8Array): void {
    this.tag(letter);
    this.word(bytes.length);
    const at = this.room(bytes.length);
    this.buffer.set(bytes, at);
  }

  /** A container of known size; its items follow. */
  private begin(letter: string, size: number): void {
    this.tag(letter);
    this.word(size);
  }

  private tag(letter: string): void {
    const at = this.room(1);
    this.buffer[at] = letter.charCodeAt(0);
  }

  private word(value: number): void {
    const at = this.room(4);
    this.buffer.writeInt32LE(value, at);
  }

  /** Where so many bytes go; the buffer may be another one afterwards. */
  private room(bytes: number): number {
    const start = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(2 * this.length);
      larger.set(this.buffer.subarray(0, start));
      this.buffer = larger;
    }
    return start;
  }
}

const asInteger = (value: bigint): PyValue => ({ kind: 'int', value });

/** Surrogates as well, each in three bytes (`surrogatepass`). */
function encodeUtf8(str: PyStr): Uint8Array {
  if (str.splits.length === 0 && !/\p{Surrogate}/u.test(str.text)) return Buffer.from(str.text);
  const points = codePointsOf(str);
  const bytes = Buffer.allocUnsafe(4 * points.length);
  let length = 0;
  for (const point of points) length = writeUtf8(bytes, length, point);
  return bytes.subarray(0, length);
}

/** Returns where the next one goes. */
function writeUtf8(bytes: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at++] = point;
    return at;
  }
  if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6);
  else if (point < 0x10000) bytes[at++] = 0xe0 | (point >> 12);
  else {
    bytes[at++] = 0xf0 | (point >> 18);
    bytes[at++] = 0x80 | ((point >> 12) & 63);
  }
  if (point >= 0x800) bytes[at++] = 0x80 | ((point >> 6) & 63);
  bytes[at++] = 0x80 | (point & 63);
  return at;
}
