import fc from 'fast-check';
import { goldAnswer } from '../task/gold-answer';
import { hiddenPairs, shownPairs, TASK_TYPES, type Task } from '../task/task';
import { PROMPT_FORMATS, type PromptFormat, solverView } from '.';

const FORMATS: [string, PromptFormat][] = Object.entries(PROMPT_FORMATS);

/** Texts with much in them that a format might trip over. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r', '`', '```', '```input', '<', '>', 'think>', 'in>', '<think>', '</answer>', '<in>'),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));
const pair = fc.record({ input: anyText, output: anyText });
const pairs = fc.array(pair, { minLength: 2, maxLength: 8 });

describe.each(FORMATS)('the format %s', (name, format) => {
  const text = anyText.filter((each) => format.canShow(each) && each.trim() !== '');

  it('is known by its name', () => {
    expect(format.name).toBe(name);
  });

  it.each(TASK_TYPES)('reads back every answer of %s that it can show', (type) => {
    fc.assert(
      fc.property(text, (answer) => {
        expect(format.parseAnswer(type, format.renderAnswer(type, answer))).toEqual({ ok: true, value: answer });
      }),
      { seed: 1 },
    );
  });

  it.each(['deduction', 'abduction', 'error'] as const)('reads back every proposal of %s that it can show', (type) => {
    fc.assert(
      fc.property(text, text, (program, input) => {
        const proposal = { type, program, input };
        expect(format.parseTriplet(type, format.renderProposal(proposal))).toEqual({ ok: true, value: proposal });
      }),
      { seed: 1 },
    );
  });

  it('reads back every induction proposal that it can show, the message where it has a place for it', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), text, (inputs, message) => {
        const response = format.renderProposal({ type: 'induction', program: 'p', inputs, message });
        const read = { inputs, message: name === 'compact' ? '' : message };
        expect(format.parseInputs(response)).toEqual({ ok: true, value: read });
      }),
      { seed: 1 },
    );
  });

  it.each(['deduction', 'abduction', 'error'] as const)(
    'shows a solver of %s the same, whatever the answer is',
    (type) => {
      fc.assert(
        fc.property(fc.record({ program: anyText, input: anyText, output: anyText }), anyText, (triplet, other) => {
          const task: Task = { id: 'a', type, ...triplet };
          const changed: Task = { ...task, id: 'b', [type === 'abduction' ? 'input' : 'output']: other };
          expect(goldAnswer(changed)).toBe(other);
          expect(format.renderSolver(solverView(changed))).toBe(format.renderSolver(solverView(task)));
        }),
        { seed: 1 },
      );
    },
  );

  it('shows a solver of induction the same, whatever the program and the hidden pairs are', () => {
    fc.assert(
      fc.property(pairs, anyText, anyText, anyText, pair, (known, message, program, other, hidden) => {
        const task: Task = { id: 'a', type: 'induction', program, pairs: known, message };
        const changed: Task = {
          ...task,
          id: 'b',
          program: other,
          pairs: [...shownPairs(task), ...hiddenPairs(task).map(() => hidden)],
        };
        expect(format.renderSolver(solverView(changed))).toBe(format.renderSolver(solverView(task)));
      }),
      { seed: 1 },
    );
  });

  it('shows a solver all that it may know', () => {
    fc.assert(
      fc.property(text, text, pairs, (program, given, known) => {
        const show = (task: Task): string => format.renderSolver(solverView(task));
        expect(show({ id: 'a', type: 'deduction', program, input: given, output: '' })).toContain(program);
        expect(show({ id: 'a', type: 'error', program, input: given, output: '' })).toContain(given);
        expect(show({ id: 'a', type: 'abduction', program, input: '', output: given })).toContain(given);
        const task = { id: 'a', type: 'induction', program, pairs: known, message: '' } as const;
        for (const { input, output } of shownPairs(task)) {
          expect(show(task)).toContain(input);
          expect(show(task)).toContain(output);
        }
      }),
      { seed: 1 },
    );
  });
});
