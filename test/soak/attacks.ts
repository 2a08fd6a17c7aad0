import { RunStatus } from '../../src/generated/azr/v1/executor';

const {
  RUN_STATUS_OK: OK,
  RUN_STATUS_EXCEPTION: EXCEPTION,
  RUN_STATUS_TIMEOUT: TIMEOUT,
  RUN_STATUS_MEMORY_LIMIT: MEMORY_LIMIT,
  RUN_STATUS_OUTPUT_LIMIT: OUTPUT_LIMIT,
  RUN_STATUS_INVALID_OUTPUT: INVALID_OUTPUT,
  RUN_STATUS_CRASH: CRASH,
  RUN_STATUS_VIOLATION: VIOLATION,
  RUN_STATUS_NO_RESULT: NO_RESULT,
} = RunStatus;

/** A program that means harm. */
export interface Attack {
  name: string;
  program: string;
  /** Ways in which its run may end. */
  statuses: readonly RunStatus[];
  /** The value that it must give where it ends with OK; any, where it says nothing. */
  output?: string;
}

/** What every secret of a canary begins with. No attack's own text holds it. */
export const SECRET = 'canary-secret-';

export const ATTACKS: readonly Attack[] = [
  {
    name: 'fork bomb',
    program: 'import os\ndef f():\n    while True:\n        try: os.fork()\n        except OSError: pass',
    statuses: [TIMEOUT],
  },
  {
    name: 'thread bomb',
    program: `import _thread
def f():
    while True:
        try: _thread.start_new_thread(f, ())
        except RuntimeError: pass`,
    statuses: [TIMEOUT, EXCEPTION, MEMORY_LIMIT],
  },
  {
    name: 'memory bomb',
    program: 'def f():\n    kept = []\n    while True: kept.append("x" * 10**6 + str(len(kept)))',
    statuses: [MEMORY_LIMIT],
  },
  {
    name: 'memory bomb, untouched',
    program: 'def f():\n    kept = []\n    while True: kept.append(bytes(10**6))',
    statuses: [MEMORY_LIMIT],
  },
  {
    name: 'an iterator without end',
    program: 'def f():\n    return list(iter(int, 1))',
    statuses: [MEMORY_LIMIT, TIMEOUT],
  },
  { name: 'a number without end', program: 'def f():\n    return 9 ** 9 ** 9', statuses: [TIMEOUT, MEMORY_LIMIT] },
  { name: 'kill everyone', program: 'import os\ndef f():\n    os.kill(-1, 9)', statuses: [EXCEPTION] },
  { name: 'kill the parent', program: 'import os\ndef f():\n    os.kill(os.getppid(), 9)', statuses: [EXCEPTION] },
  {
    name: 'a forged result',
    program: 'import os\ndef f():\n    os.write(3, b"\\x05\\0\\0\\0\\x016666" * 4)\n    return 1',
    statuses: [OK, NO_RESULT],
  },
  {
    name: 'a forged result, then nothing',
    program: 'import os\ndef f():\n    os.write(3, b"\\xff" * 64)\n    while True: pass',
    statuses: [NO_RESULT, TIMEOUT],
  },
  { name: 'a closed result', program: 'import os\ndef f():\n    os.close(3)\n    return 1', statuses: [NO_RESULT] },
  {
    name: 'closed descriptors and a hang',
    program: 'import os\ndef f():\n    os.closerange(0, 100)\n    while True: pass',
    statuses: [TIMEOUT],
  },
  {
    name: 'a huge output',
    program: 'def f():\n    return "x" * (64 << 20)',
    statuses: [OUTPUT_LIMIT, MEMORY_LIMIT],
  },
  {
    name: 'an output of many parts',
    program: 'def f():\n    return list(range(10**6))',
    statuses: [OUTPUT_LIMIT, MEMORY_LIMIT],
  },
  {
    name: 'a deep output',
    program: 'def f():\n    x = []\n    for _ in range(10**5): x = [x]\n    return x',
    statuses: [INVALID_OUTPUT, OUTPUT_LIMIT, EXCEPTION],
  },
  {
    name: 'an output that contains itself',
    program: 'def f():\n    x = []\n    x.append(x)\n    return x',
    statuses: [INVALID_OUTPUT],
  },
  {
    name: 'a hang that swallows exceptions',
    program: `def f():
    while True:
        try:
            while True: pass
        except BaseException: pass`,
    statuses: [TIMEOUT],
  },
  {
    name: 'signal handlers',
    program: `import signal
def f():
    for number in range(1, 65):
        try: signal.signal(number, lambda *a: None)
        except (OSError, ValueError): pass
    while True: pass`,
    statuses: [TIMEOUT],
  },
  {
    name: 'code that crashes the interpreter',
    program: 'def f():\n    exec((lambda: 0).__code__.replace(co_code=bytes(range(2, 202)), co_stacksize=1))',
    statuses: [CRASH, EXCEPTION, NO_RESULT, MEMORY_LIMIT, VIOLATION, TIMEOUT],
  },
  { name: 'deep recursion', program: 'def f(n=0):\n    return f(n + 1)', statuses: [EXCEPTION] },
  {
    name: 'recursion without bound',
    program: `import sys
sys.setrecursionlimit(10**9)
class Deep:
    def __repr__(self): return repr(self)
def f():
    return repr(Deep())`,
    statuses: [CRASH, EXCEPTION, MEMORY_LIMIT],
  },
  {
    name: 'a parser without bottom',
    program: 'def f():\n    return eval("(" * 10**5 + "-" * 10**5 + "1")',
    statuses: [EXCEPTION, CRASH, MEMORY_LIMIT],
  },
  {
    name: 'a pattern that backtracks',
    program: 'import re\ndef f():\n    return re.match("(a+)+$", "a" * 40 + "b")',
    statuses: [TIMEOUT],
  },
  {
    name: 'a flood of printing',
    program: 'def f():\n    while True: print("x" * 10**4, flush=True)',
    statuses: [TIMEOUT],
  },
  {
    name: 'a long exception',
    program: 'def f():\n    raise ValueError("x" * 10**7)',
    statuses: [EXCEPTION],
  },
  { name: 'an exit without a word', program: 'import os\ndef f():\n    os._exit(0)', statuses: [NO_RESULT] },
  {
    name: 'finalisers that write',
    program:
      'import os\nclass D:\n    def __del__(self): os.write(3, b"\\2\\0\\0\\0\\x019")\nd = D()\ndef f(): return 7',
    statuses: [OK],
    output: '7',
  },
  {
    name: 'a changed interpreter',
    program: `import builtins
def f():
    for name in ("type", "len", "isinstance", "repr", "str", "int", "list", "sorted", "print", "range"):
        setattr(builtins, name, None)
    return 7`,
    statuses: [OK],
    output: '7',
  },
  {
    name: 'files and sockets',
    program: `import io, os
def f():
    opened = 0
    for path in ("/etc/passwd", "/proc/self/maps", "/proc/1/environ", "/tmp/x", "/dev/shm/x", "/sys"):
        try: opened += bool(io.open(path))
        except OSError: pass
    return opened`,
    statuses: [OK],
    output: '0',
  },
  {
    name: 'scavenging for secrets of earlier requests',
    program: `import gc, os, sys
def f():
    marker = "-".join(["canary", "secret", ""])
    seen, hits = set(), 0
    queue = [sys.modules, gc.get_objects(), dict(os.environ), sys._getframe().f_back]
    while queue:
        one = queue.pop()
        if id(one) in seen: continue
        seen.add(id(one))
        if type(one) is str: hits += marker in one and one != marker
        elif type(one) is bytes: hits += marker.encode() in one
        else: queue += gc.get_referents(one)
    return hits`,
    statuses: [OK],
    output: '0',
  },
];
