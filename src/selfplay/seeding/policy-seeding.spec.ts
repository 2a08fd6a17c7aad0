import { MemoryLedger } from '../../../test/support/scripted-step';
import { ScriptedExecutor } from '../../../test/support/scripted-executor';
import { ScriptedPool } from '../../../test/support/scripted-pool';
import { specWith } from '../../../test/support/specs';
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

const seed = async (answer: (request: SampleRequest) => string, sets: string[] = [], ledger = new MemoryLedger()) => {
  const spec = specWith(...SETS, ...sets);
  const heard: string[] = [];
  const observer = {
    note: (message: string) => heard.push(message),
    alarm: (alarm: string) => heard.push(`alarm ${alarm}`),
    busy: () => undefined,
  } as unknown as RunObserver;
  const pool = new ScriptedPool((request) => ({ text: answer(request) }));
  const validator = new ProposalValidator(new ScriptedExecutor(runs), paper, spec);
  const buffer = await seedBuffer(spec, { pool, validator, observer }, ledger);
  return { buffer, pool, heard, ledger };
};
const policy = (request: SampleRequest) => (isInduction(request) ? INPUTS : proposes(indexOf(request)));

describe('seeds from the policy', () => {
  it('begin with the identity; each valid triplet starts deduction and abduction alike', async () => {
    const { buffer } = await seed(policy);
    const inputs = (type: 'deduction' | 'abduction') =>
      buffer.ofType(type).map((task) => (task.type === 'induction' ? '' : `${task.program} ${task.input}`));
    expect(inputs('deduction')).toHaveLength(5);
    expect(inputs('deduction')[0]).toBe("def f(a):\n    return a 'Hello world'");
    expect(inputs('abduction')).toEqual(inputs('deduction'));
    expect(buffer.tasks.every(({ admittedStep }) => admittedStep === 0)).toBe(true);
  });

  it('have induction tasks on the programs of the triplets', async () => {
    const { buffer } = await seed(policy);
    const programs = new Set(buffer.ofType('deduction').map(({ program }) => program));
    expect(buffer.ofType('induction').length).toBeGreaterThan(0);
    for (const { program } of buffer.ofType('induction')) expect(programs.has(program)).toBe(true);
  });

  it('are the same when they are begun again, without what has landed being sampled again', async () => {
    const first = await seed(policy);
    const second = await seed(policy, [], new MemoryLedger(first.ledger.stored));
    expect(second.buffer.tasks).toEqual(first.buffer.tasks);
    expect(second.pool.requests).toEqual([]);
  });

  it('end with what to change when the policy makes too few, after an alarm when all are malformed', async () => {
    const attempt = seed(() => 'no answer');
    await expect(attempt).rejects.toThrow(
      '128 proposals gave 1 of 5 deduction tasks; raise maxProposals, lower count, or seed from a file',
    );
    await expect(seed(() => 'no answer', ['health.onAlarm=pause'])).rejects.toThrow(
      /last 50 seed proposals were malformed/,
    );
  });
});
