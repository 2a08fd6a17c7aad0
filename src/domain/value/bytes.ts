import { PyBytes } from './value';

export const pyBytes = (bytes: Iterable<number>): PyBytes => pyBytesOf(Array.from(bytes, byteText).join(''));

/** @param latin1 characters up to U+00FF, each of which is a byte */
export const pyBytesOf = (latin1: string): PyBytes => ({ kind: 'bytes', latin1 });

export function* bytesOf({ latin1 }: PyBytes): Iterable<number> {
  for (let at = 0; at < latin1.length; at += 1) yield latin1.charCodeAt(at);
}

const byteText = (byte: number): string => String.fromCharCode(byte & 0xff);
