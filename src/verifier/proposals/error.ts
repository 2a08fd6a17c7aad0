import { NO_ERROR } from '../../domain/task/task';
import { Objection } from '../objection';
import type { ProgramRun } from '../ports';
import { agreedValue, DISAGREEMENT } from '../runs';

/**
 * Output of an error task: the name of the exception that every run raised, or `NoError` where every run gave the same
 * value. As with the other types the value is made of builtin ones: whether a generator raises is not known until
 * someone reads it.
 */
export function errorNameOf(runs: readonly ProgramRun[]): string | Objection {
  const raised = runs.flatMap((run) => (run.status === 'exception' ? [run] : []));
  const returned = runs.filter(({ status }) => status !== 'exception');
  if (returned.length > 0 || raised.length === 0) {
    const value = agreedValue(returned);
    if (value instanceof Objection) return value;
    return raised.length === 0 ? NO_ERROR : DISAGREEMENT;
  }
  const [{ exceptionType: name, detail }] = raised as [Raised];
  return raised.every(({ exceptionType }) => exceptionType === name)
    ? (objectionTo(name, detail) ?? name)
    : DISAGREEMENT;
}

type Raised = Extract<ProgramRun, { status: 'exception' }>;

/** The executor gives no more of a name. */
const LONGEST_NAME = 200;

function objectionTo(name: string, detail: string): Objection | undefined {
  if (name.length >= LONGEST_NAME) return new Objection('too_long', 'the name of the exception is too long');
  if (name === NO_ERROR) return new Objection('unverifiable', `an exception called ${NO_ERROR} looks like none`);
  if (!SURROUNDINGS.has(name) && !MISSING_BUILTIN.test(detail)) return undefined;
  return new Objection('nondeterministic', `${name} comes of what surrounds the program, here of the jail`);
}

/** What no program and input raise by themselves: it depends on files, rights, streams, memory and installed code. */
const SURROUNDINGS = new Set([
  ...['OSError', 'BlockingIOError', 'BrokenPipeError', 'ChildProcessError', 'ConnectionError', 'FileExistsError'],
  ...['ConnectionAbortedError', 'ConnectionRefusedError', 'ConnectionResetError', 'FileNotFoundError'],
  ...['InterruptedError', 'IsADirectoryError', 'NotADirectoryError', 'PermissionError', 'ProcessLookupError'],
  ...['ModuleNotFoundError', 'EOFError', 'MemoryError', 'TimeoutError', 'UnsupportedOperation'],
]);

/** Builtins that interpreters elsewhere have. */
const MISSING_BUILTIN = /^NameError: name '(?:copyright|credits|exit|help|license|quit)' is not defined/;
