import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON } from '../support/executor/executor';

/** What a filter answers: the upper half of a seccomp action; the lower one of an error is its number (EPERM). */
const ACTIONS: Record<number, string> = { 0x7fff0000: 'allow', 0x00050001: 'EPERM', 0x80000000: 'kill' };

const RESULT = 3;
const PROT_EXEC = 4n;
const X32_BIT = 0x40000000;
const ARCHITECTURES = { x86_64: 0xc000003e, aarch64: 0xc00000b7, i386: 0x40000003, arm: 0x40000028, none: 0 };
const MACHINES = ['x86_64', 'aarch64'] as const;
type Machine = (typeof MACHINES)[number];

/** `syscall_numbers.py`, and the filter that `seccomp.py` makes of it for each machine, in hexadecimal digits. */
interface Jail {
  allowed: Record<string, [number, number]>;
  killed: Record<string, [number, number | null]>;
  write: [number, number];
  memory: [number, number][];
  filters: Record<Machine, string>;
}

const DUMP = `
import json, seccomp
from syscall_numbers import ALLOWED, KILLED, MMAP, MPROTECT, WRITE
filters = {machine: seccomp.build_filter(${RESULT}, machine).hex() for machine in ("x86_64", "aarch64")}
print(json.dumps(dict(allowed=ALLOWED, killed=KILLED, write=WRITE, memory=[MMAP, MPROTECT], filters=filters)))
`;

function readJail(): Jail {
  const env = { PYTHONPATH: join(__dirname, '../../src/executor/python'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(PYTHON, ['-c', DUMP], { env, encoding: 'utf8' })) as Jail;
}

interface Call {
  architecture: number;
  number: number;
  args: readonly bigint[];
}

/** `struct seccomp_data`: the number, the architecture, the instruction pointer, six arguments; little-endian. */
function seccompData({ number, architecture, args }: Call): Buffer {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(architecture, 4);
  args.forEach((argument, i) => data.writeBigUInt64LE(BigInt.asUintN(64, argument), 16 + 8 * i));
  return data;
}

/** Classic BPF as the kernel runs it (net/core/filter.c), as far as a filter of system calls needs it. */
function decision(filter: Buffer, call: Call): string {
  const data = seccompData(call);
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const [code, ifTrue, ifFalse] = [filter.readUInt16LE(at), filter[at + 2]!, filter[at + 3]!];
    const value = filter.readUInt32LE(at + 4);
    const jump = (holds: boolean): number => 8 * (holds ? ifTrue : ifFalse);
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x05) at += 8 * value;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else if (code === 0x06) return ACTIONS[value] ?? `action ${value}`;
    else throw new Error(`opcode ${code} at ${at / 8}`);
  }
  throw new Error('the program runs over its end');
}

/** What the lists say of a call, read without any tree. */
function expected(jail: Jail, machine: Machine, { architecture, number, args }: Call): string {
  const column = MACHINES.indexOf(machine);
  const isOne = (calls: readonly (readonly (number | null)[])[]): boolean => calls.some((it) => it[column] === number);
  if (architecture !== ARCHITECTURES[machine]) return 'kill';
  if (machine === 'x86_64' && number >= X32_BIT) return 'kill';
  if (isOne(Object.values(jail.killed))) return 'kill';
  if (isOne(Object.values(jail.allowed))) return 'allow';
  if (isOne(jail.memory)) return (args[2]! & PROT_EXEC) === 0n ? 'allow' : 'EPERM';
  if (isOne([jail.write])) return BigInt.asUintN(64, args[0]!) <= BigInt(RESULT) ? 'allow' : 'EPERM';
  return 'EPERM';
}

const NUMBERS = [
  ...Array.from({ length: 1_024 }, (_, i) => [i, X32_BIT + i]).flat(),
  ...[0x3fffffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff],
];

/** First arguments on both sides of the descriptor's bound, third ones with and without the bit that matters. */
const WORDS = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 1n << 31n, (1n << 32n) - 1n, 1n << 32n, (1n << 32n) + 3n, -1n];
const ARGUMENTS = WORDS.flatMap((word) => [
  [word, 0n, 0n, 0n, 0n, 0n],
  [0n, 0n, word, 0n, 0n, 0n],
  [word, word, word, word, word, word],
]);

describe('the filter of system calls', () => {
  const jail = readJail();

  it.each(MACHINES)('decides every call on %s as the lists say', (machine) => {
    const filter = Buffer.from(jail.filters[machine], 'hex');
    const wrong: string[] = [];
    const decided = new Set<string>();
    for (const architecture of Object.values(ARCHITECTURES)) {
      for (const number of NUMBERS) {
        for (const args of ARGUMENTS) {
          const call = { architecture, number, args };
          const is = decision(filter, call);
          decided.add(is);
          if (is !== expected(jail, machine, call)) wrong.push(`${architecture} ${number} ${args.join()}: ${is}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...decided].sort()).toEqual(['EPERM', 'allow', 'kill']);
    expect(filter.length % 8).toBe(0);
    expect(filter.length / 8).toBeLessThanOrEqual(4_096); // BPF_MAXINSNS
  });

  it.each(MACHINES)('names no call of %s twice', (machine) => {
    const column = MACHINES.indexOf(machine);
    const lists = [...Object.values(jail.allowed), ...Object.values(jail.killed), jail.write, ...jail.memory];
    const numbers = lists.map((it) => it[column]).filter((number) => number !== null);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
