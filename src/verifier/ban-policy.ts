import type { TasksSpec } from '../config/run-spec';
import type { ProgramAnalysis } from './ports';

/**
 * Modules that no program of a proposal or an answer may import, whatever the settings: those of the paper's list, and
 * what else reaches processes, files, the network, the clock or the interpreter itself. The jail is the safeguard; the
 * ban keeps out tasks that depend on the outside, and answers that look for theirs there.
 */
export const BANNED_MODULES: ReadonlySet<string> = new Set([
  ...['logging', 'random', 'multiprocessing', 'pebble', 'subprocess', 'threading', 'datetime', 'time', 'hashlib'],
  ...['hmac', 'bcrypt', 'os', 'sys', 'shutil', 'calendar'],
  ...['_thread', 'asyncio', 'atexit', 'builtins', 'concurrent', 'ctypes', 'faulthandler', 'fcntl', 'gc', 'glob'],
  ...['http', 'importlib', 'inspect', 'io', 'mmap', 'pathlib', 'pickle', 'posix', 'pty', 'resource', 'runpy'],
  ...['secrets', 'select', 'shelve', 'signal', 'socket', 'sqlite3', 'ssl', 'tempfile', 'tracemalloc', 'urllib'],
  ...['uuid', 'weakref'],
]);

/**
 * What imports without an import statement, or reaches another module's names. `open` is the jail's to stop: a variable
 * may be called so.
 */
const BANNED_NAMES = new Set([
  ...['__import__', '__loader__', '__spec__', '__builtins__', '__globals__', '__subclasses__'],
  ...['f_globals', 'f_builtins', 'f_locals', 'f_back', 'tb_frame', 'gi_frame', 'cr_frame', 'ag_frame'],
]);

/**
 * The first import or name in the program that the policy forbids, or undefined.
 * @param banned modules that may not be imported, and dotted names that may not be used either
 */
export function bannedConstruct(
  { imports, names }: ProgramAnalysis,
  banned: readonly string[] = [],
): string | undefined {
  const module = imports.find((name) => BANNED_MODULES.has(rootOf(name)) || banned.some((it) => isWithin(name, it)));
  if (module !== undefined) return `import of ${module}`;
  const dotted = banned.filter((it) => it.includes('.'));
  const imported = new Set(imports.map(rootOf));
  return names.find(
    (name) =>
      name.split('.').some((part) => BANNED_NAMES.has(part)) ||
      dotted.some((it) => isWithin(name, it)) ||
      reachesModule(name, imported),
  );
}

/** Modules import modules: `statistics.random` is one of the banned as well. */
function reachesModule(name: string, imported: ReadonlySet<string>): boolean {
  const [root, ...rest] = name.split('.');
  return imported.has(root!) && rest.some((part) => BANNED_MODULES.has(part));
}

type Keyword = TasksSpec['bannedErrorKeywords'][number];

/** The first of the keywords whose statement is in the program, or undefined. */
export function bannedKeyword({ statements }: ProgramAnalysis, keywords: readonly Keyword[]): Keyword | undefined {
  return keywords.find((keyword) => STATEMENTS[keyword]?.some((it) => statements.includes(it)));
}

/** Statement types of the syntax tree. `except` is a part of `try`. */
const STATEMENTS: Record<Keyword, readonly string[]> = {
  raise: ['Raise'],
  assert: ['Assert'],
  try: ['Try', 'TryStar'],
  except: ['Try', 'TryStar'],
};

const rootOf = (name: string): string => name.split('.')[0]!;
const isWithin = (name: string, outer: string): boolean => name === outer || name.startsWith(`${outer}.`);
