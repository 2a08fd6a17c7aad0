import { countOf } from '../domain/count';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import { type Role, type Task } from '../domain/task/task';
import type { Reason } from '../domain/task/verdict';
import { parseValue } from '../domain/value';
import { REPEATED_INPUT } from '../verifier/proposals/inputs';
import type { Episode } from './episode';
import type { Attempt } from './step-player';
import type { StepHealth } from './step-record';

/** How varied and how well-formed a step's proposals are. */
export function healthOf(attempts: readonly Attempt[], episodes: readonly Episode[], buffer: TaskBuffer): StepHealth {
  const accepted = attempts.flatMap(({ validation }) => (validation.outcome === 'accepted' ? [validation] : []));
  const tasks = accepted.map(({ task }) => task);
  const written = tasks.filter(({ type }) => type !== 'induction').map(({ program }) => program);
  const rejected = attempts.filter(isRejectedRepeat);
  const fresh = new Set(accepted.map(({ namelessId }) => namelessId).filter((id) => !buffer.knows(id)));
  return {
    programs: written.length + rejected.filter(({ plan }) => plan.type !== 'induction').length,
    newPrograms: newPrograms(written, buffer),
    repeats: rejected.length + tasks.length - fresh.size,
    toldInComment: accepted.filter(({ toldInComment }) => toldInComment).length,
    outputTypes: countOf(tasks.map(typeOf)),
    malformedAtEnd: malformedAtEnd(attempts),
    responseTokens: { proposer: lengthsOf('proposer', episodes), solver: lengthsOf('solver', episodes) },
    bufferAge: ageOf(buffer),
  };
}

const isRejectedRepeat = ({ validation }: Attempt): boolean =>
  validation.outcome === 'rejected' && REPEATS.includes(validation.reason) && validation.detail !== REPEATED_INPUT;

const REPEATS: readonly Reason[] = ['duplicate', 'renamed_duplicate'];

/** Programs that stand neither in the buffer nor earlier in the step. */
function newPrograms(programs: readonly string[], buffer: TaskBuffer): number {
  const known = new Set(buffer.tasks.filter(({ type }) => type !== 'induction').map(({ program }) => program));
  return [...new Set(programs)].filter((program) => !known.has(program)).length;
}

function typeOf(task: Task): string {
  if (task.type === 'error') return task.output;
  return parseValue(task.type === 'induction' ? task.pairs[0]!.output : task.output).kind;
}

function malformedAtEnd(attempts: readonly Attempt[]): number {
  const last = attempts.findLastIndex(({ validation }) => validation.outcome !== 'malformed');
  return attempts.length - 1 - last;
}

function lengthsOf(role: Role, episodes: readonly Episode[]): StepHealth['responseTokens'][Role] {
  const completions = episodes.filter((episode) => episode.role === role).map(({ completion }) => completion);
  if (completions.length === 0) return { mean: 0, max: 0, cutShare: 0 };
  const lengths = completions.map(({ tokenIds }) => tokenIds.length);
  return {
    mean: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
    max: lengths.reduce((most, length) => Math.max(most, length), 0),
    cutShare: completions.filter(({ finished }) => !finished).length / completions.length,
  };
}

/** Mean number of steps since the buffer's tasks were admitted; 0 where it is empty. */
const ageOf = ({ version, tasks }: TaskBuffer): number =>
  tasks.length === 0 ? 0 : tasks.reduce((sum, { admittedStep }) => sum + version - admittedStep, 0) / tasks.length;
