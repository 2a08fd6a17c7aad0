import type { ProgramAnalysis } from './ports';

/**
 * Modules that a proposal may not import: those of the paper's list, and what else reaches processes, files,
 * the network, the clock or the interpreter itself. The jail is the safeguard; the ban keeps tasks that depend
 * on the outside from being proposed at all.
 */
const BANNED_MODULES = new Set([
  ...['logging', 'random', 'multiprocessing', 'pebble', 'subprocess', 'threading', 'datetime', 'time', 'hashlib'],
  ...['hmac', 'bcrypt', 'os', 'sys', 'shutil', 'calendar'],
  ...['_thread', 'asyncio', 'atexit', 'builtins', 'concurrent', 'ctypes', 'faulthandler', 'fcntl', 'gc', 'glob'],
  ...['http', 'importlib', 'inspect', 'io', 'mmap', 'pathlib', 'pickle', 'posix', 'pty', 'resource', 'runpy'],
  ...['secrets', 'select', 'shelve', 'signal', 'socket', 'sqlite3', 'ssl', 'tempfile', 'tracemalloc', 'urllib'],
  ...['uuid', 'weakref'],
]);

/** What imports without an import statement. `open` is the jail's to stop: a variable may be called so. */
const BANNED_NAMES = new Set(['__import__', '__loader__', '__builtins__']);

/** The first thing in the program that the policy forbids, or undefined. */
export function bannedConstruct({ imports, names }: ProgramAnalysis): string | undefined {
  const module = imports.find((name) => BANNED_MODULES.has(name.split('.')[0]!));
  if (module !== undefined) return `import of ${module}`;
  return names.find((name) => BANNED_NAMES.has(name.split('.')[0]!));
}
