import { failed, ok, raised, thrice } from '../../test/support/runs';
import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { verifierSettings } from '../../test/support/verifier-settings';
import { compact } from '../domain/prompt/compact';
import type { Proposal } from '../domain/task/task';
import type { Accepted, Validation } from '../domain/task/verdict';
import type { ProgramRun } from './ports';
import { ProposalValidator } from './proposal-validator';
import type { VerifierSettings } from './settings';

type Tasks = VerifierSettings['tasks'];

const PROGRAM = 'def f(x): return x+3';
const IGNORING = 'def f(x): return 7';

const triplet = (program: string, input = '5', type: 'deduction' | 'abduction' | 'error' = 'deduction'): Proposal => ({
  ...{ type, program, input },
});
const induction = (inputs: readonly string[], message = ''): Proposal => ({
  ...{ type: 'induction', program: PROGRAM, inputs, message },
});
const four = ['1', '2', '3', '4'];
/** What the inputs of `four` and others come to, in place of `x+3`. */
const giving = (outputs: Record<string, string>) =>
  new ScriptedExecutor((_, input) => thrice(ok(outputs[input] ?? String(Number(input) + 3))));

interface Attempt {
  executor?: ScriptedExecutor;
  tasks?: Partial<Tasks>;
  /** Tasks that are there already. */
  known?: Proposal;
}

const validatorOf = ({ executor = new ScriptedExecutor(), tasks }: Attempt): ProposalValidator =>
  new ProposalValidator(executor, compact, verifierSettings(tasks));

async function accepted(proposal: Proposal): Promise<Accepted> {
  const validation = await validatorOf({}).validate(proposal, () => false);
  if (validation.outcome !== 'accepted') throw new Error(`${validation.reason}: ${validation.detail}`);
  return validation;
}

async function validate(proposal: Proposal, attempt: Attempt = {}): Promise<Validation> {
  const known = attempt.known && (await accepted(attempt.known));
  return validatorOf(attempt).validate(proposal, (id) => id === known?.task.id || id === known?.namelessId);
}

describe.each<[setting: keyof Tasks, reason: string, Proposal, Attempt]>([
  ['duplicates', 'duplicate', triplet(PROGRAM), { known: triplet('def f(x): return x + 3') }],
  ['duplicates', 'duplicate', induction([...four].reverse()), { known: induction(four) }],
  ['duplicates', 'duplicate', induction(['1', '2', '0x1', '4']), { tasks: { shownHiddenInputs: 'allow' } }],
  ['renamedDuplicates', 'renamed_duplicate', triplet('def f(y): return y+3'), { known: triplet(PROGRAM) }],
  ['leaks', 'leak', induction(four, 'def f(y): return y+3'), {}],
  ['leaks', 'leak', induction(four, '3 gives 6 and 4 gives 7'), {}],
  ['constantOutputs', 'constant_output', induction(four), { executor: giving({ 1: '0', 2: '0', 3: '0', 4: '0' }) }],
  ['ignoredInputs', 'ignored_input', triplet(IGNORING), { executor: giving({ 5: '7' }) }],
  ['ignoredInputs', 'ignored_input', triplet(IGNORING, '5', 'abduction'), { executor: giving({ 5: '7' }) }],
  ['equalHiddenOutputs', 'equal_hidden_outputs', induction(four), { executor: giving({ 3: '0', 4: '0' }) }],
  ['shownHiddenInputs', 'shown_hidden_input', induction(['1', '2', '3', '0x1']), { tasks: { duplicates: 'allow' } }],
])('tasks.%s', (setting, reason, proposal, attempt) => {
  const under = (treatment: Tasks['leaks']): Promise<Validation> =>
    validate(proposal, { ...attempt, tasks: { ...attempt.tasks, [setting]: treatment } });

  it(`rejects for ${reason} with the penalty, without it, or not at all`, async () => {
    expect(await under('reject')).toMatchObject({ outcome: 'rejected', penalised: true, reason });
    expect(await under('zeroReward')).toMatchObject({ outcome: 'rejected', penalised: false, reason });
    expect(await under('allow')).toMatchObject({ outcome: 'accepted' });
  });
});

describe('a task of a kind that earns nothing', () => {
  const leaking = induction(four, 'def f(y): return y+3');

  it.each<[string, ProgramRun[]]>([
    ['exception', thrice(raised('KeyError'))],
    ['timeout', [failed('timeout')]],
    ['nondeterministic', [ok('1'), ok('2'), ok('1')]],
  ])('is penalised all the same when it fails by %s', async (reason, runs) => {
    const executor = new ScriptedExecutor(() => runs);
    const validation = await validate(leaking, { executor, tasks: { leaks: 'zeroReward' } });
    expect(validation).toMatchObject({ outcome: 'rejected', penalised: true, reason });
  });

  it('is penalised for what else is wrong with it, whichever comes first', async () => {
    const constant = { executor: giving({ 1: '0', 2: '0', 3: '0', 4: '0' }) };
    const one = await validate(leaking, { ...constant, tasks: { leaks: 'zeroReward' } });
    const other = await validate(leaking, { ...constant, tasks: { constantOutputs: 'zeroReward' } });
    expect([one, other]).toMatchObject([
      { penalised: true, reason: 'constant_output' },
      { penalised: true, reason: 'leak' },
    ]);
  });

  it('is penalised when its own answer does not verify', async () => {
    const nan = {
      executor: giving({ 5: "float('nan')" }),
      tasks: { equality: 'python', ignoredInputs: 'zeroReward' },
    };
    const validation = await validate(triplet(IGNORING), nan as Attempt);
    expect(validation).toMatchObject({ penalised: true, reason: 'unverifiable' });
  });
});

describe('a repeat under other names', () => {
  it('is an exact one as well where the names are the same, and is treated as that', async () => {
    const allowed = { known: triplet(PROGRAM), tasks: { duplicates: 'allow' } } as const;
    expect(await validate(triplet(PROGRAM), allowed)).toMatchObject({ outcome: 'accepted' });
    expect(await validate(triplet('def f(y): return y+3'), allowed)).toMatchObject({ reason: 'renamed_duplicate' });
  });

  it.each([
    ['another input', triplet('def f(y): return y+3', '6')],
    ['another type', triplet('def f(y): return y+3', '5', 'abduction')],
    ['another program', triplet('def f(y): return y+4')],
  ])('is none with %s', async (_, proposal) => {
    expect(await validate(proposal, { known: triplet(PROGRAM) })).toMatchObject({ outcome: 'accepted' });
  });

  it('is none where the input names a parameter: the same text means another argument', async () => {
    const executor = new ScriptedExecutor(() => thrice(ok('1')));
    const named = (program: string) => validatorOf({ executor }).validate(triplet(program, 'x=1, y=2'), () => false);
    const [one, other] = await Promise.all(['def f(x,y): return x', 'def f(y,x): return y'].map(named));
    expect((one as Accepted).namelessId).not.toBe((other as Accepted).namelessId);
  });

  it('is none where a program sees its names', async () => {
    const executor = new ScriptedExecutor(undefined, () => ({ withoutNames: '' }));
    const validation = await validatorOf({ executor }).validate(triplet(PROGRAM), () => false);
    expect(validation).toMatchObject({ namelessId: (validation as Accepted).task.id });
  });
});

it('an error task whose exception comes without the input is one', async () => {
  expect(await validate(triplet(IGNORING, '5', 'error'))).toMatchObject({ outcome: 'accepted' });
});

it('a single hidden pair is no constant: seeds may have no more', async () => {
  const options = { inputs: { least: 2, most: Infinity } };
  const seed = await validatorOf({}).validate(induction(['1', '2']), () => false, options);
  expect(seed).toMatchObject({ outcome: 'accepted' });
});

it('a task that tells its answer in a comment is one, and says so', async () => {
  const told = async (program: string) => (await accepted(triplet(program))).toldInComment;
  expect(await told('def f(x): return x+3 # 5 gives 8')).toBe(true);
  expect(await told('def f(x): return x+3 # five')).toBe(false);
});

describe('inputs of which the first that fails decides', () => {
  const hanging = new ScriptedExecutor((_, input) => (input === '2' ? [failed('timeout')] : thrice(ok(input))));

  it('end with the one that hangs, which is the reason', async () => {
    expect(await validate(induction(four), { executor: hanging })).toMatchObject({ reason: 'timeout' });
  });

  it('have no value where they were not run', async () => {
    const silent = new ScriptedExecutor((_, input) => (input === '4' ? [] : thrice(ok(input))));
    expect(await validate(induction(four), { executor: silent })).toMatchObject({ reason: 'no_result' });
  });
});
