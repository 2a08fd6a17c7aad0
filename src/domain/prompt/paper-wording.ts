import type { Pair, Triplet, TripletType } from '../task/task';
import { fence } from './fences';
import type { CodingView, ProposalRules, ProposerView, SolverView } from './prompt-format';

type TripletView = Extract<ProposerView, { type: TripletType }>;
type InductionView = Extract<ProposerView, { type: 'induction' }>;

/** Asks a proposer for a program and an input (AZR section 3.2: the proposer of deduction and of abduction). */
export const askForTriplet = (view: TripletView): string =>
  paragraphs(
    `Invent a Python puzzle: write a program with a function \`f\`, and one input for it. ${PUZZLE[view.type]}`,
    bullets('The program', programRules(view)),
    bullets('The input', [...INPUT_RULES, 'It fits the parameters of `f`.']),
    bullets('Your puzzle is judged by these questions', [
      'Does it run, and keep to all the rules above?',
      'Is it hard to predict? Solving it should take several steps of careful reasoning, and still be possible.',
      ...(view.references.length > 0 ? ['Is it different from the references, in what it does and in how?'] : []),
    ]),
    ...(view.references.length > 0 ? ['The references, each with the output of its program:'] : []),
    ...view.references.map(showTriplet),
    'Think first about what is hard to follow for a good programmer without a computer, and what is not done yet. ' +
      `Then answer with one fence tagged python and one tagged input, each ${FENCE_RULE}`,
    fence('python', 'def f(...):\n    ...\n    return ...'),
    fence('input', "[4, 1, 3], 'abc'"),
  );

/** Asks a proposer for inputs and a message (AZR section 3.2: the proposer of induction). */
export const askForInputs = ({ program, inputs, rules }: InductionView): string =>
  paragraphs(
    'Make a Python puzzle of the program below: write inputs for its function `f`, and a message. A solver is shown ' +
      'some of your inputs with their outputs, and the message, and has to write a program that also gives the right ' +
      'output for the inputs that were held back. The solver does not see the program.',
    fence('python', program),
    bullets(`Write ${inputs} inputs`, [
      ...INPUT_RULES,
      'No two are the same, and their outputs are not all equal.',
      `\`f\` returns a value for each of them, without an exception and within ${rules.timeoutSeconds} s.`,
      'Together they bring out all that the program does: they vary in size and structure, and reach each branch.',
    ]),
    bullets('The message', [
      'It says in words what helps to find the program, as a riddle or a description may.',
      'It holds neither code of the program nor its outputs for your inputs.',
    ]),
    'Your puzzle is judged by how hard it is: finding the program should take careful reasoning over inputs, outputs ' +
      'and message, and still be possible.',
    `Think first. Then answer with ${inputs} fences tagged input and one tagged message, each ${FENCE_RULE}`,
    fence('input', "[4, 1, 3], 'abc'"),
    fence('input', "[], 'z'"),
    fence('message', '...'),
  );

/** Puts a task to a solver. */
export function askToSolve(view: SolverView): string {
  switch (view.type) {
    case 'deduction':
      return paragraphs(
        'What does the function `f` of this Python program return for this input?',
        ...showCall(view),
        'Follow the program step by step. Then answer with the value as a Python literal: what `repr` gives for it, ' +
          `strings in quotes. Write it in one fence tagged output, ${FENCE_RULE}`,
        fence('output', "{'a': [1, 2]}"),
      );
    case 'abduction':
      return paragraphs(
        'For which input does the function `f` of this Python program return this output?',
        fence('python', view.program),
        fence('output', view.output),
        'Work backwards from the output, and check by following the program.',
        bullets('Any input with this output is right', INPUT_RULES),
        `Answer with one fence tagged input, ${FENCE_RULE}`,
        fence('input', "[4, 1, 3], 'abc'"),
      );
    case 'error':
      return paragraphs(
        'Which exception does the function `f` of this Python program raise for this input, if any?',
        ...showCall(view),
        "Follow the program step by step. Then answer with the name of the exception's type, such as KeyError, or " +
          `with NoError if \`f\` returns. Write it in one fence tagged output, ${FENCE_RULE}`,
        fence('output', '...'),
      );
    case 'induction':
      return paragraphs(
        'Find the Python program that gives these outputs for these inputs.',
        ...view.pairs.map(showPair),
        ...(view.message === '' ? [] : ['A message about it:', fence('message', view.message)]),
        'Your program is tried on further inputs, which are not shown: look for the rule, and do not list cases. It ' +
          'defines a function `f` that takes an input as its arguments and returns the output, is deterministic, and ' +
          `has imports at the top. Answer with one fence tagged python that holds the whole program, ${FENCE_RULE}`,
        fence('python', 'def f(...):\n    ...\n    return ...'),
      );
  }
}

/** What a solver of the task will have to find. */
const PUZZLE: Record<TripletType, string> = {
  deduction: 'A solver is shown both, and has to find what `f` returns.',
  abduction: 'A solver is shown the program and what `f` returns, and has to find an input for which it does.',
  error:
    'A solver is shown both, and has to name the type of the exception that `f` raises, or say that there is none.',
};

/** Puts a programming problem of a public benchmark. */
export const askForProgram = (view: CodingView): string =>
  paragraphs(
    ...(view.form === 'completion'
      ? ['Complete this Python program as its description says.', code(view.source.trimEnd())]
      : ['Write a Python program.', view.text, 'This is one of the tests that have to pass:', code(view.example)]),
    `Write all of it: imports, whatever else it needs, and the function \`${view.entry}\`, which returns its result. ` +
      'It prints nothing and does not read from outside.',
    `Think first. Then answer with one fence tagged python, ${FENCE_RULE}`,
    code(`def ${view.entry}(...):\n    ...\n    return ...`),
  );

const code = (text: string): string => fence('python', text);

const FENCE_RULE =
  'opened by three backticks and its tag at the start of a line, and closed by three backticks alone on a line:';

const INPUT_RULES = [
  'An input is the arguments of a call to `f`: values separated by commas, strings in quotes, no names of variables.',
  'Values are literals; nothing is computed or called.',
];

const programRules = ({ type, rules }: TripletView): string[] => [
  'It defines the entry function `f`, which has at least one parameter.',
  type === 'error'
    ? '`f` returns a value, or raises an exception that comes of what it does with the input. Both make good puzzles.'
    : '`f` returns a value, and raises no exception for your input.',
  'It is deterministic: one input always has one result.',
  'It keeps state, and changes it over several transformations that build on one another.',
  'It uses no randomness, no clock, no I/O and no printing, and nothing outside of itself, such as files, the ' +
    'network or the environment.',
  `It is done within ${rules.timeoutSeconds} s.`,
  'Imports and classes stand at the top, before the functions.',
  ...banned(type, rules),
];

const banned = (type: TripletType, { banned, bannedKeywords }: ProposalRules): string[] => [
  ...(banned.length > 0 ? [`It uses none of these modules and names: ${banned.join(', ')}.`] : []),
  ...(type === 'error' && bannedKeywords.length > 0
    ? [`It has none of these keywords: ${bannedKeywords.join(', ')}.`]
    : []),
];

const showCall = ({ program, input }: { program: string; input: string }): string[] => [
  fence('python', program),
  fence('input', input),
];
const showPair = ({ input, output }: Pair): string => `${fence('input', input)}\n${fence('output', output)}`;
const showTriplet = (triplet: Triplet): string => `${fence('python', triplet.program)}\n${showPair(triplet)}`;

const paragraphs = (...texts: string[]): string => texts.join('\n\n');
const bullets = (heading: string, items: readonly string[]): string =>
  `${heading}:\n${items.map((item) => `- ${item}`).join('\n')}`;
