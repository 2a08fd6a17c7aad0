import { hiddenPairs, shownPairs, type Pair, type Task } from '../domain/task/task';
import type { TaskSample } from '../selfplay/episode';
import { percent, printable } from './words';

/** Characters shown of a program or a response. */
const SHOWN = 1_000;
/** Answers shown of a sample task, and how many of them are right ones where there are others. */
const ANSWERS = 3;
const RIGHT_ANSWERS = 2;

/** A task and some answers to it, as lines. */
export function sampleLines({ task, step, answers, solveRate: rate }: TaskSample): string[] {
  const right = answers.filter(({ correct }) => correct).slice(0, RIGHT_ANSWERS);
  const wrong = answers.filter(({ correct }) => !correct);
  const shown = [...right, ...wrong].slice(0, ANSWERS).map(({ response, correct }) => {
    return `    ${correct ? 'right' : 'wrong'}: ${printable(cut(response)).replaceAll('\n', '\n           ')}`;
  });
  return [
    '',
    `Sample task, ${task.type}, step ${step}, solved by ${percent(rate)} of ${answers.length} samples`,
    ...indented(printable(cut(task.program))),
    ...callLines(task),
    ...shown,
  ];
}

function callLines(task: Task): string[] {
  if (task.type !== 'induction') return [`    ${callWords(task)}`];
  return [
    ...shownPairs(task).map((pair) => `    shown: ${callWords(pair)}`),
    ...hiddenPairs(task).map((pair) => `    hidden: ${callWords(pair)}`),
    ...(task.message === '' ? [] : indented(`message: ${printable(cut(task.message))}`)),
  ];
}

const callWords = ({ input, output }: Pair): string => `f(${printable(input)}) = ${printable(output)}`;

const indented = (text: string): string[] => text.split('\n').map((line) => `    ${line}`);

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);
