import { RunMode, RunStatus } from '../../src/generated/azr/v1/executor';
import { descendants, TestExecutor, TIMEOUT_MS } from '../support/executor/executor';

const {
  RUN_STATUS_OK: OK,
  RUN_STATUS_EXCEPTION: EXCEPTION,
  RUN_STATUS_TIMEOUT: TIMEOUT,
  RUN_STATUS_MEMORY_LIMIT: MEMORY_LIMIT,
  RUN_STATUS_INVALID_OUTPUT: INVALID_OUTPUT,
  RUN_STATUS_CRASH: CRASH,
  RUN_STATUS_VIOLATION: VIOLATION,
  RUN_STATUS_NO_RESULT: NO_RESULT,
} = RunStatus;

/** Names that harness code uses lie below the program on the stack; from there native code is in reach. */
const NATIVE = `
import sys
def harness(name):
    frame = sys._getframe()
    while frame is not None:
        if name in frame.f_globals:
            return frame.f_globals[name]
        frame = frame.f_back
libc = harness("jail").landlock.ctypes.CDLL(None, use_errno=True)
c_long = harness("jail").landlock.ctypes.c_long
libc.syscall.restype = c_long
def call(number, *arguments):
    return libc.syscall(c_long(number), *[c_long(a) if isinstance(a, int) else a for a in arguments])
`;

/** Numbers of system calls on x86-64 and arm64. */
const NUMBERS: Record<string, [number, number]> = {
  openat: [257, 56],
  socket: [41, 198],
  clone: [56, 220],
  kill: [62, 129],
  prctl: [157, 167],
  prlimit64: [302, 261],
  setuid: [105, 146],
  dup: [32, 23],
  sendmsg: [46, 211],
  memfd_create: [319, 279],
  execve: [59, 221],
  ptrace: [101, 117],
  io_uring_setup: [425, 425],
  unshare: [272, 97],
  rt_sigprocmask: [14, 135],
};
const number = (name: string): number => NUMBERS[name]![process.arch === 'x64' ? 0 : 1];

type Attack = [title: string, program: string, statuses: RunStatus[], output?: string];

const ATTACKS: Attack[] = [
  [
    'native code finds every door locked',
    `${NATIVE}
def f():
    doors = [(${number('openat')}, -100, b"/", 0), (${number('socket')}, 2, 1, 0), (${number('clone')}, 17, 0, 0, 0, 0),
             (${number('kill')}, 1, 9), (${number('prctl')}, 1, 0), (${number('prlimit64')}, 0, 9, 0, 0),
             (${number('setuid')}, 0), (${number('dup')}, 3), (${number('sendmsg')}, 3, 0, 0),
             (${number('memfd_create')}, b"x", 0)]
    return [call(*door) for door in doors]`,
    [OK],
    JSON.stringify(Array(10).fill(-1)).replaceAll(',', ', '),
  ],
  ...['execve', 'ptrace', 'io_uring_setup', 'unshare'].map((name): Attack => {
    const program = `${NATIVE}\ndef f(): return call(${number(name)}, 0, 0, 0, 0)`;
    return [`native code calls ${name}`, program, [VIOLATION]];
  }),
  [
    'native code makes its memory executable',
    `${NATIVE}
def f():
    libc.mmap.restype = c_long
    return [libc.mmap(None, 4096, 7, 34, -1, 0), libc.mprotect(c_long(id(f) & ~4095), 4096, 7)]`,
    [OK],
    '[-1, -1]',
  ],
  ['a null pointer', `${NATIVE}\ndef f(): harness("jail").landlock.ctypes.string_at(0)`, [CRASH]],
  [
    'a fork bomb that does not give up',
    'import os\ndef f():\n    while True:\n        try: os.fork()\n        except OSError: pass',
    [TIMEOUT],
  ],
  ['a signal for everyone', 'import os\ndef f():\n    os.kill(-1, 9)', [EXCEPTION]],
  ['a signal for the fork server', 'import os\ndef f():\n    os.kill(os.getppid(), 9)', [EXCEPTION]],
  [
    'an immune program',
    `import signal
def f():
    for s in range(1, 65):
        try: signal.signal(s, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True:
        try:
            while True: pass
        except BaseException: pass`,
    [TIMEOUT],
  ],
  ['a number without end', 'def f():\n    return 9 ** 9 ** 9 % 10', [TIMEOUT, MEMORY_LIMIT]],
  [
    'memory without end',
    'def f():\n    kept = []\n    while True: kept.append("x" * 10**6 + str(len(kept)))',
    [MEMORY_LIMIT],
  ],
  [
    'memory without end, untouched',
    'def f():\n    kept = []\n    while True: kept.append(bytes(10**6))',
    [MEMORY_LIMIT],
  ],
  ['a parser without bottom', 'def f():\n    return eval("-" * 10**6 + "1")', [EXCEPTION, CRASH]],
  ['closed descriptors', 'import os\ndef f():\n    os.closerange(0, 100)\n    while True: pass', [TIMEOUT]],
  ['a closed result pipe', 'import os\ndef f():\n    os.close(3)\n    return 1', [NO_RESULT]],
  ['a result in drops', 'import os\ndef f():\n    os.write(3, b"\\x05\\0")\n    while True: pass', [TIMEOUT]],
  [
    'a frame of four gibibytes',
    'import os\ndef f():\n    os.write(3, b"\\xff" * 64)\n    while True: pass',
    [NO_RESULT],
  ],
  [
    "a frame that takes the executor's own words",
    'import os\ndef f():\n    for status in (11, 6, 0): os.write(3, b"\\x02\\0\\0\\0" + bytes([status]) + b"x")',
    [NO_RESULT],
  ],
  [
    'a harness that was rewritten',
    `${NATIVE}
import builtins
def f():
    for name in ("type", "len", "isinstance", "repr", "int"):
        setattr(builtins, name, lambda *a: 0 / 0)
        __builtins__.__dict__[name] = None
    return [1]`,
    [OK],
    '[1]',
  ],
  [
    'a class that lies about itself',
    `class Liar(type):
    __qualname__ = "list"
    def __instancecheck__(c, o): return True
    def __eq__(c, o): return True
    def __hash__(c): return hash(list)
class Value(metaclass=Liar):
    __class__ = list
    def __iter__(self): return iter([1])
    def __repr__(self): return "[1]"
    def __eq__(self, other): return True
def f(): return Value()`,
    [INVALID_OUTPUT],
  ],
  [
    'finalisers that write results',
    'import os\nclass D:\n    def __del__(self): os.write(3, b"\\x02\\0\\0\\0\\x019")\nd = D()\ndef f(): return 7',
    [OK],
    '7',
  ],
  [
    'trace functions that watch the harness',
    `import sys
def f():
    def trace(*a): return trace
    sys.settrace(trace)
    sys.setprofile(trace)
    return 7`,
    [OK],
    '7',
  ],
  ['an exit without a word', 'import os\ndef f():\n    os._exit(0)', [NO_RESULT]],
  ['an exit that tries to print', 'import sys\ndef f():\n    print("x" * 10**6)\n    sys.exit("bye")', [EXCEPTION]],
  [
    'files',
    `import os
def f():
    tries = [lambda p=p: open(p, m) for p in ("/etc/passwd", "/proc/self/maps", "/dev/shm/x", "x") for m in ("r", "w")]
    tries += [lambda: os.mkdir("/x"), lambda: os.listdir("/"), lambda: os.chmod("/", 0o777), lambda: os.read(4, 1)]
    def is_refused(attempt):
        try: attempt()
        except OSError: return True
    return all(map(is_refused, tries))`,
    [OK],
    'True',
  ],
  [
    'looking for what others left',
    `import gc, os, sys
def f():
    marker = "_".join(["left", "by", "another", "program"])
    seen, hits = set(), 0
    queue = [sys.modules, gc.get_objects(), dict(os.environ), sys._getframe().f_back]
    while queue:
        one = queue.pop()
        if id(one) in seen: continue
        seen.add(id(one))
        if type(one) in (str, bytes):
            hits += (marker if type(one) is str else marker.encode()) in one
        else:
            queue += gc.get_referents(one)
    return [hits, os.read(0, 10), len(seen) > 10000]`,
    [OK],
    "[0, b'', True]",
  ],
  [
    'native code that reads all memory it finds, freed memory as well',
    `import gc
${NATIVE}
def is_there(page): return call(${number('rt_sigprocmask')}, 0, page << 12, 0, 8) == 0
def f():
    objects = gc.get_objects()
    objects += [inner for one in objects for inner in gc.get_referents(one)]
    pages = {page for one in objects for page in range(id(one) >> 20 << 8, (id(one) >> 20) + 1 << 8)}
    hits, read = 0, 0
    for page in filter(is_there, pages):
        data = harness("jail").landlock.ctypes.string_at(page << 12, 4096)
        read += 1
        at = data.find(b"left_")
        while at >= 0:
            hits += data[at + 5 : at + 8][::-1] == b"_yb"
            at = data.find(b"left_", at + 1)
    return [hits, read > 500]`,
    [OK],
    '[0, True]',
  ],
  [
    'a result that trickles',
    `import os
def f():
    os.write(3, (1 << 17).to_bytes(4, "little"))
    for n in range(10**12): os.write(3, b"x" * (n < 1 << 16))`,
    [TIMEOUT],
  ],
  ['system calls that take long', 'import os\ndef f():\n    while True: os.getrandom(100 << 20)', [TIMEOUT]],
  ['keys that all collide', 'def f():\n    return len({n * (2**61 - 1) for n in range(10**6)})', [TIMEOUT]],
  ['an expression without end', 'import re\ndef f():\n    return re.match("(a*)*b", "a" * 99)', [TIMEOUT]],
  ['the exit of a program that needs the library', 'import os\ndef f():\n    os._exit(121)', [NO_RESULT]],
  [
    'the same from a small interpreter',
    `def walk():
    frame = walker.gi_frame.f_back
    while "_exit" not in frame.f_globals: frame = frame.f_back
    yield frame.f_globals["_exit"]
def f():
    global walker
    walker = walk()
    next(walker)(121)`,
    [NO_RESULT],
  ],
];

describe('a hostile program', () => {
  let executor: TestExecutor;
  let processes: number[];

  beforeAll(async () => {
    executor = await TestExecutor.start();
    for (const kind of ['', 'import re']) {
      const program = `${kind}\ndef f(x):\n    return [x]`;
      await executor.runs(program, '"left_by_another_program"', { runMode: RunMode.RUN_MODE_ACROSS });
    }
    processes = descendants().sort();
  }, 60_000);
  afterAll(() => executor.stop());

  afterEach(async () => {
    const canary = await executor.run('def f(x):\n    return sorted(map(str, x))', '[2, 1]');
    expect(canary).toMatchObject({ status: OK, output: "['1', '2']" });
    expect(descendants().sort()).toEqual(processes);
  });

  const attacks = ATTACKS.map(([title, ...attack]) => ({ title, attack }));
  it.each(attacks)(
    'does no harm: $title',
    async ({ attack }) => {
      const [program, statuses, output] = attack;
      const run = await executor.run(program, '', { limits: { memoryMib: 128 } });
      expect(run.wallUs - run.waitedUs).toBeLessThan(2_000 * TIMEOUT_MS);
      expect(statuses).toContain(run.status);
      if (output !== undefined) expect(run.output).toBe(output);
    },
    60_000,
  );

  it('forges at most its own results', async () => {
    const forger = 'import os\ndef f(x):\n    os.write(3, b"\\x04\\0\\0\\0\\x01666" * 5)\n    return x';
    const [forged, honest] = await Promise.all([
      executor.respond(forger, ['1', '2', '3']),
      executor.respond('def f(x):\n    return x', ['1', '2', '3']),
    ]);
    expect(forged).toHaveLength(3);
    expect(honest.map(({ runs }) => runs[0]!.output)).toEqual(['1', '2', '3']);
  });
});
