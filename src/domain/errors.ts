/** What kind of failure an error is; what stands on top maps it to a status of its own. */
export type ErrorKind =
  | 'invalid' // the caller must change the request
  | 'not_found'
  | 'conflict' // the request contradicts what is already there
  | 'unavailable' // a part does not answer; the same request may succeed later
  | 'timeout'
  | 'internal';

/** An error that a person is meant to read: one line that says what is wrong and what would be right. */
export class AzrError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

export interface SettingProblem {
  /** Dotted path, such as `update.learningRate`. */
  path: string;
  value: unknown;
  /** What would be legal. */
  legal: string;
}

/** Settings that are unknown, ill-typed or contradict each other; all of them at once. */
export class InvalidSettings extends AzrError {
  constructor(readonly problems: readonly SettingProblem[]) {
    super('invalid', problems.map(describeProblem).join('\n'));
  }
}

/** Characters of a value that are shown to whoever gave it. */
const SHOWN = 200;

/** What is wrong with a value, without its path. */
export const whyIllegal = ({ value, legal }: Omit<SettingProblem, 'path'>): string =>
  `${shown(value)} is not legal; ${legal}`;

const describeProblem = (problem: SettingProblem): string => `${problem.path}: ${whyIllegal(problem)}`;

function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)} …`;
}

/** A part of the system that the run needs does not answer, or has ended. */
export class PartUnavailable extends AzrError {
  constructor(
    readonly part: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super('unavailable', message, options);
  }
}

/** A prompt leaves no room for a response in the policy's context. */
export class PromptTooLong extends AzrError {
  constructor(message: string) {
    super('invalid', message);
  }
}

/** The message of anything that was thrown, on one line. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, '; ');
