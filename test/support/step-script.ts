import type { StepPlan } from '../../src/domain/curriculum/step-plan';
import type { Role, TaskType } from '../../src/domain/task/task';
import type { Episode } from '../../src/selfplay/episode';
import { SEEDS, type Script } from './scripted-step';

export const adds = (n: number, x: number) => ({ text: `</think>def f(x): return x+${n}<in>${x}` });
export const says = (...answers: (string | number)[]) => answers.map((answer) => ({ text: `</think>${answer}` }));
const cut = (answer: string) => ({ text: `</think>${answer}`, finished: false });

/** Settings that the script is for. */
export const SCRIPT_SETS = [
  'proposer.proposals={deduction: 6, abduction: 4, induction: 3, error: 0}',
  'proposer.references=1',
  'solver.estimation.samples=4',
];

/** Proposals 0 to 5 are deduction, 6 to 9 abduction, 10 to 12 induction. */
const SCRIPT: Script = {
  'propose/0': [adds(1, 1)], // half of the samples are right
  'propose/1': [adds(2, 1)], // all are
  'propose/2': [adds(3, 1)], // none is: another value, no value, malformed, cut off
  'propose/3': [adds(1, 1)], // repeats the first
  'propose/4': [{ text: '</think>def f(x?): return x<in>1' }], // does not compile
  'propose/5': [{ text: 'no answer' }], // malformed
  'propose/6': [adds(5, 1)], // three of four: another input gives the output as well as the gold does
  'propose/7': [adds(6, 1)], // none
  'propose/8': [cut('def f(x): return x+9<in>1')], // truncated
  'propose/9': [adds(200, 1)], // in the buffer already
  'propose/10': [{ text: '</think>1<in>2<in>3<in>4<in>5<in>6' }], // one of four programs is right
  'propose/11': [{ text: '</think>1<in>2<in>3' }], // too few inputs
  'propose/12': [{ text: '</think>1<in>2<in>3<in>1<in>5<in>6' }], // repeats an input
  'estimate/0/0': says(2, 3, 2, 0),
  'estimate/1/0': says(3, 3, 3, 3),
  'estimate/2/0': [{ text: '</think>0' }, { text: '</think>x' }, { text: '4' }, cut('4')],
  'estimate/3/0': says(2, 2, 2, 2),
  'estimate/6/0': says(1, '0x1', '+1', 2),
  'estimate/7/0': says(2, 'f', '', 3),
  'estimate/10/0': says('def f(x): return x+7', 'def g(x): return x', 'def f(x?)', 'PROGRAM'),
};
/** Every branch; the right induction answer is the program of the buffer's task that the plan shows. */
export const scriptFor = (plan: StepPlan): Script => {
  const program = SEEDS.get(plan.proposals[10]!.references[0]!)!.program;
  const answers = SCRIPT['estimate/10/0']!.map(({ text }) => ({ text: text.replace('PROGRAM', program) }));
  return { ...SCRIPT, 'estimate/10/0': answers };
};

export const cellOf = (episodes: readonly Episode[], role: Role, type: TaskType) =>
  episodes.filter((episode) => episode.role === role && episode.type === type);
