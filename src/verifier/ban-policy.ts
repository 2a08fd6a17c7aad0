import type { TasksSpec } from '../config/run-spec';
import type { ProgramAnalysis, ProgramShape } from './ports';

/**
 * Modules that no program of a proposal or an answer may import, whatever the settings: those of the paper's list, and
 * what else reaches processes, files, the network, the clock or the interpreter itself; each also with underscores
 * before its name, as `_random`. The jail is the safeguard; the ban keeps out tasks that depend on the outside, and
 * answers that look for theirs there.
 */
export const BANNED_MODULES: ReadonlySet<string> = new Set([
  ...['logging', 'random', 'multiprocessing', 'pebble', 'subprocess', 'threading', 'datetime', 'time', 'hashlib'],
  ...['hmac', 'bcrypt', 'os', 'sys', 'shutil', 'calendar'],
  ...['_thread', 'asyncio', 'atexit', 'builtins', 'concurrent', 'ctypes', 'faulthandler', 'fcntl', 'gc', 'glob'],
  ...['http', 'imp', 'importlib', 'inspect', 'io', 'linecache', 'mmap', 'pathlib', 'pickle', 'pkgutil', 'posix'],
  ...['pty', 'resource', 'runpy', 'secrets', 'select', 'shelve', 'signal', 'site', 'socket', 'sqlite3', 'ssl'],
  ...['tempfile', 'tracemalloc', 'urllib', 'uuid', 'weakref', 'zipimport'],
  ...['_frozen_importlib', '_frozen_importlib_external', '_posixsubprocess'],
]);

/** The modules above without underscores, and what a module of the library calls one of them (`enum.bltns`). */
const BANNED_BARE = new Set([...[...BANNED_MODULES].map(bare), 'bltns']);

/**
 * What imports without an import statement, or reaches another module's names. `open` is the jail's to stop: a variable
 * may be called so.
 */
const BANNED_NAMES = new Set([
  ...['__import__', '__loader__', '__spec__', '__builtins__', '__globals__', '__subclasses__', '__self__'],
  ...['f_globals', 'f_builtins', 'f_locals', 'f_back', 'tb_frame', 'gi_frame', 'cr_frame', 'ag_frame'],
]);

/** Builtins that make code of a text, which nobody has read: what it names could not be banned. */
const CODE_MAKERS = new Set(['eval', 'exec', 'compile']);

/** What is forbidden whatever the settings, as far as a proposer is told of it. */
export const ALWAYS_BANNED: readonly string[] = [...BANNED_MODULES, ...CODE_MAKERS];

/** What gives a module's members by their names. */
const MEMBERS_BY_NAME = new Set(['__dict__', '__getattribute__']);

/**
 * The first import or name in the program that the policy forbids, or undefined.
 * @param banned modules that may not be imported, and dotted names that may not be used either
 */
export function bannedConstruct({ imports, names }: ProgramShape, banned: readonly string[] = []): string | undefined {
  const module = imports.find((name) => isBannedModule(rootOf(name)) || banned.some((it) => isWithin(name, it)));
  if (module !== undefined) return `import of ${module}`;
  const dotted = banned.filter((it) => it.includes('.'));
  const imported = new Set(imports.map(rootOf));
  return names.find(
    (name) =>
      name.split('.').some((part) => BANNED_NAMES.has(part)) ||
      CODE_MAKERS.has(rootOf(name)) ||
      dotted.some((it) => isWithin(name, it)) ||
      reachesModule(name, imported),
  );
}

/** Modules import modules: `statistics.random` is one of the banned as well. */
function reachesModule(name: string, imported: ReadonlySet<string>): boolean {
  const [root, ...rest] = name.split('.');
  return imported.has(root!) && rest.some((part) => isBannedModule(part) || MEMBERS_BY_NAME.has(part));
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

const isBannedModule = (name: string): boolean => BANNED_BARE.has(bare(name));

function bare(name: string): string {
  return name.replace(/^_+/, '');
}

const rootOf = (name: string): string => name.split('.')[0]!;
const isWithin = (name: string, outer: string): boolean => name === outer || name.startsWith(`${outer}.`);
