import { MemoryLedger } from '../../../test/support/scripted-step';
import { ScriptedExecutor } from '../../../test/support/scripted-executor';
import { ScriptedPool } from '../../../test/support/scripted-pool';
import { specWith } from '../../../test/support/specs';
import { TaskBuffer } from '../../domain/curriculum/task-buffer';
import { paper } from '../../domain/prompt/paper';
import { ProposalValidator } from '../../verifier/proposal-validator';
import type { ProgramRun } from '../../verifier/ports';
import type { RunObserver, SampleRequest } from '../ports';
import { seedBuffer } from './seeding';

const SETS = ['prompt.format=paper', 'curriculum.seeding={from: policy, count: 5, maxProposals: 128}'];

/** Runs `return x+n` and the identity. */
const runs = (program: string, input: string): ProgramRun[] => {
  const n = /x\+(\d+)/.exec(program)?.[1];
  const output = n === undefined ? input : String(Number(input) + Number(n));
  return Array.from({ length: 3 }, () => ({ status: 'ok', output }));
};

const proposes = (n: number) =>
  paper.renderProposal({ type: 'deduction', program: `def f(x):\n    return x+${n}`, input: String(n) });
const INPUTS = paper.renderProposal({
  type: 'induction',
  program: '',
  inputs: ['1', '2', '3', '4', '5', '6'],
  message: 'What becomes of a number?',
});

const isInduction = ({ prompt }: SampleRequest) => prompt.includes('```message');
const indexOf = ({ key }: SampleRequest) => Number(key.slice('propose/'.length));

interface Circumstances {
  sets?: string[];
  ledger?: MemoryLedger;
  goesOn?: () => boolean;
}

const attempt = async (answer: (request: SampleRequest) => string, given: Circumstances = {}) => {
  const { sets = [], ledger = new MemoryLedger(), goesOn = () => true } = given;
  const spec = specWith(...SETS, ...sets);
  const heard: string[] = [];
  const observer = {
    note: (message: string) => heard.push(message),
    alarm: (alarm: string) => heard.push(`alarm ${alarm}`),
    busy: () => undefined,
  } as unknown as RunObserver;
  const pool = new ScriptedPool((request) => ({ text: answer(request) }));
  const validator = new ProposalValidator(new ScriptedExecutor(runs), paper, spec);
  const end = await seedBuffer(spec, { pool, validator, observer }, ledger, goesOn);
  return { end, pool, heard, ledger };
};
const policy = (request: SampleRequest) => (isInduction(request) ? INPUTS : proposes(indexOf(request)));

const seed = async (ledger?: MemoryLedger) => {
  const { end, ...rest } = await attempt(policy, { ...(ledger && { ledger }) });
  if (!(end instanceof TaskBuffer)) throw new Error(end);
  return { buffer: end, ...rest };
};

describe('seeds from the policy', () => {
  it('begin with the identity; each valid triplet starts deduction and abduction alike', async () => {
    const { buffer } = await seed();
    const inputs = (type: 'deduction' | 'abduction') =>
      buffer.ofType(type).map((task) => (task.type === 'induction' ? '' : `${task.program} ${task.input}`));
    expect(inputs('deduction')).toHaveLength(5);
    expect(inputs('deduction')[0]).toBe("def f(a):\n    return a 'Hello world'");
    expect(inputs('abduction')).toEqual(inputs('deduction'));
    expect(buffer.tasks.every(({ admittedStep }) => admittedStep === 0)).toBe(true);
  });

  it('have induction tasks on the programs of the triplets', async () => {
    const { buffer } = await seed();
    const programs = new Set(buffer.ofType('deduction').map(({ program }) => program));
    expect(buffer.ofType('induction').length).toBeGreaterThan(0);
    for (const { program } of buffer.ofType('induction')) expect(programs.has(program)).toBe(true);
  });

  it('are the same when they are begun again, without what has landed being sampled again', async () => {
    const first = await seed();
    const second = await seed(new MemoryLedger(first.ledger.stored));
    expect(second.buffer.tasks).toEqual(first.buffer.tasks);
    expect(second.pool.requests).toEqual([]);
  });

  it('end with what to change when the policy makes too few', async () => {
    await expect(attempt(() => 'no answer')).rejects.toThrow(
      '128 proposals gave 1 of 5 deduction tasks; proposals that were no tasks: 128 malformed; ' +
        'raise maxProposals, lower count, or seed from a file',
    );
  });

  it('tell why proposals were no tasks', async () => {
    const { heard } = await attempt((request) => (indexOf(request) % 2 === 0 ? 'no answer' : policy(request)));
    expect(heard[0]).toMatch(/^seed proposals that were no tasks: \d+ malformed/);
  });

  it('pause at a policy that does not know the format, where alarms pause, and go on with a better one', async () => {
    const sets = ['health.onAlarm=pause'];
    const paused = await attempt(() => 'no answer', { sets });
    expect([paused.end, paused.heard]).toEqual(['paused', ['alarm malformed']]);
    const landed = new MemoryLedger(paused.ledger.stored);
    const resumed = await attempt(policy, { sets, ledger: landed });
    expect(resumed.end).toBeInstanceOf(TaskBuffer);
    expect(resumed.heard).not.toContain('alarm malformed');
  });

  it('stop between rounds when they are asked to, and what has landed is kept', async () => {
    let asked = 0;
    const stopped = await attempt(() => 'no answer', { goesOn: () => ++asked < 2 });
    expect(stopped.end).toBe('stopped');
    expect(stopped.ledger.stored).toHaveLength(64);
  });
});
