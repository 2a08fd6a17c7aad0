import { isAlikeEverywhere } from '../../domain/task/alike-everywhere';
import { hiddenPairs, type InductionTask, type Pair } from '../../domain/task/task';
import type { Verdict } from '../../domain/task/verdict';
import { parseValue, type EqualityMode } from '../../domain/value';
import { Objection } from '../objection';
import type { ProgramExecutor, ProgramRun, RunLimits } from '../ports';
import type { VerifierSettings } from '../settings';
import { soundProgram } from '../sound-program';
import { CORRECT, incorrect, judgeRuns } from './judge-runs';

/**
 * Induction: the answer is a program, correct when it maps every hidden input to its output (AZR Eq. 5). What is banned
 * whatever the settings is banned here too; the run's own list is for proposers, who are told of it. As with proposals
 * a lone function of another name is the entry.
 */
export async function judgeProgram(
  executor: ProgramExecutor,
  task: InductionTask,
  answer: string,
  { tasks, executor: limits }: VerifierSettings,
): Promise<Verdict> {
  const program = await soundProgram((text) => executor.skim(text), answer);
  if (program instanceof Objection) return incorrect(program);
  const isAlike = isAlikeEverywhere(program.analysis); // then the executor needs no other interpreter
  return judgePairs(executor, program.source, hiddenPairs(task), { equality: tasks.equality, limits, isAlike });
}

export interface PairRules {
  equality: EqualityMode;
  limits: RunLimits;
  /** Whether the program is known to do the same in every interpreter. */
  isAlike?: boolean;
}

/**
 * Correct when the program's `f` gives every output. The first pair that is not right decides the verdict, so that one
 * which hangs is the last that is run. Most answers are wrong at their first run; one that might differ in another
 * interpreter is run there only if it is right.
 */
export async function judgePairs(
  executor: ProgramExecutor,
  program: string,
  pairs: readonly Pair[],
  { equality, limits, isAlike = false }: PairRules,
): Promise<Verdict> {
  const inputs = pairs.map(({ input }) => input);
  const judge = (runs: readonly ProgramRun[][]): Verdict => {
    const verdicts = pairs.map(({ output }, i) => judgeRuns(runs[i] ?? [], parseValue(output), equality));
    return verdicts.find(({ outcome }) => outcome !== 'correct') ?? CORRECT;
  };
  const isRight = (runs: readonly ProgramRun[][]): boolean => judge(runs).outcome === 'correct';
  const stopping = { ...limits, stopAtLimit: true };
  return judge(await executor.runAcross(program, inputs, stopping, isAlike ? undefined : isRight));
}
