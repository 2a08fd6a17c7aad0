import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { RunStatus } from '../../src/generated/azr/v1/executor';
import { PYTHON, TestExecutor } from '../support/executor/executor';

/** What a filter answers: in the upper half of the word what is done, in the lower one an error's number (EPERM). */
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
  args.forEach((argument, i) => data.writeBigUInt64LE(argument, 16 + 8 * i));
  return data;
}

/** Runs classic BPF as the kernel does (net/core/filter.c), as far as filters of system calls go. */
function decision(filter: Buffer, call: Call): string {
  const data = seccompData(call);
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const code = filter.readUInt16LE(at);
    const value = filter.readUInt32LE(at + 4);
    const branch = (holds: boolean): number => 8 * filter[at + (holds ? 2 : 3)]!;
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x05) at += 8 * value;
    else if (code === 0x15) at += branch(accumulator === value);
    else if (code === 0x35) at += branch(accumulator >= value);
    else if (code === 0x45) at += branch((accumulator & value) !== 0);
    else if (code === 0x06) return ACTIONS[value] ?? `action ${value}`;
    else throw new Error(`opcode ${code} at ${at / 8}`);
  }
  throw new Error('the program runs over its end');
}

/** What the lists say of a call. */
function expected(jail: Jail, machine: Machine, { architecture, number, args }: Call): string {
  const column = MACHINES.indexOf(machine);
  const isOne = (calls: readonly (readonly (number | null)[])[]): boolean => calls.some((it) => it[column] === number);
  if (architecture !== ARCHITECTURES[machine]) return 'kill';
  if (machine === 'x86_64' && number >= X32_BIT) return 'kill';
  if (isOne(Object.values(jail.killed))) return 'kill';
  if (isOne(Object.values(jail.allowed))) return 'allow';
  if (isOne(jail.memory)) return (args[2]! & PROT_EXEC) === 0n ? 'allow' : 'EPERM';
  if (isOne([jail.write])) return args[0]! <= BigInt(RESULT) ? 'allow' : 'EPERM';
  return 'EPERM';
}

const NUMBERS = [
  ...Array.from({ length: 1_024 }, (_, i) => [i, X32_BIT + i]).flat(),
  ...[X32_BIT - 1, 0x7fffffff, 0x80000000, 0xffffffff],
];

/** On both sides of the highest descriptor and of the end of a word, with and without the bit of executable memory. */
const WORDS = [0n, 3n, 4n, 5n, 7n, 1n << 31n, 1n << 32n, (1n << 32n) + 3n, (1n << 32n) + 4n, (1n << 64n) - 1n];

function* calls(machine: Machine): Generator<Call> {
  for (const architecture of Object.values(ARCHITECTURES)) {
    for (const number of NUMBERS) {
      for (const word of architecture === ARCHITECTURES[machine] ? WORDS : [0n]) {
        yield { architecture, number, args: [word, 0n, 0n, 0n, 0n, 0n] };
        yield { architecture, number, args: [0n, 0n, word, 0n, 0n, 0n] };
      }
    }
  }
}

/** The module of the filter lies below the program on the stack, and with it native code. */
const NATIVE = `import sys
frame = sys._getframe()
while "seccomp" not in frame.f_globals: frame = frame.f_back
seccomp = frame.f_globals["seccomp"]
ctypes = seccomp.ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
column = ("x86_64", "aarch64").index(seccomp.MACHINE)
def numbers(lists): return {one[column] for one in lists} - {None}
def call(number): return libc.syscall(*map(ctypes.c_long, [number, 0, 0, 0, 0, 0, 0]))
`;

describe('the filter of system calls', () => {
  const jail = readJail();

  it.each(MACHINES)('decides every call on %s as the lists say', (machine) => {
    const filter = Buffer.from(jail.filters[machine], 'hex');
    const decided = new Set<string>();
    const wrong: string[] = [];
    for (const call of calls(machine)) {
      const is = decision(filter, call);
      decided.add(is);
      if (is !== expected(jail, machine, call)) wrong.push(`${Object.values(call).join(' ')}: ${is}`);
    }
    expect(wrong).toEqual([]);
    expect([...decided].sort()).toEqual(['EPERM', 'allow', 'kill']);
  });

  it.each(MACHINES)('names no call of %s twice', (machine) => {
    const column = MACHINES.indexOf(machine);
    const lists = [...Object.values(jail.allowed), ...Object.values(jail.killed), jail.write, ...jail.memory];
    const numbers = lists.map((it) => it[column]).filter((number) => number !== null);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('is what the kernel holds native code to', async () => {
    const executor = await TestExecutor.start();
    // Where the kernel has them, it asks no filter about uretprobe and uprobe (335, 336 on x86-64).
    const denied = await executor.run(`${NATIVE}
named = numbers([*seccomp.ALLOWED.values(), *seccomp.KILLED.values(), seccomp.WRITE, seccomp.MMAP, seccomp.MPROTECT])
def f(): return {(call(number), ctypes.get_errno()) for number in {*range(1024)} - named - {335, 336}}`);
    expect(denied).toMatchObject({ status: RunStatus.RUN_STATUS_OK, output: '{(-1, 1)}' });
    const lethal = `${NATIVE}\ndef f(i): return call(sorted(numbers(seccomp.KILLED.values()))[i])`;
    const killed = Object.values(jail.killed).filter((it) => it[process.arch === 'x64' ? 0 : 1] !== null);
    const responses = await executor.respond(lethal, [...killed.keys()].map(String));
    const statuses = responses.flatMap(({ runs }) => runs.map(({ status }) => status));
    expect(statuses).toEqual(killed.map(() => RunStatus.RUN_STATUS_VIOLATION));
    await executor.stop();
  }, 60_000);
});
