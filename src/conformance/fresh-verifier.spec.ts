import { ScriptedExecutor } from '../../test/support/scripted-executor';
import { FreshVerifier } from './fresh-verifier';
import { caseSettings } from './settings';
import type { ProposeStep, SolveStep } from './verifier-case';

const PROGRAM = 'def f(x):\n x=x+3\n return x';
const ANSWER = '<answer>\n```output\n8\n```\n</answer>';
const PROPOSAL = `<answer>\n\`\`\`python\n${PROGRAM}\n\`\`\`\n\`\`\`input\n5\n\`\`\`\n</answer>`;
const expect_ = { outcomes: [] };
const verifier = () => new FreshVerifier(new ScriptedExecutor(), caseSettings(1_000));
const solve = (turn: string): SolveStep => ({
  ...{ kind: 'solve', turn, expect: expect_ },
  task: { id: '', type: 'deduction', program: PROGRAM, input: '5', output: '8' },
});
const propose = (turn: string): ProposeStep => ({
  ...{ kind: 'propose', type: 'deduction', program: '', turn, expect: expect_ },
});

describe('a fresh verifier', () => {
  it.each([
    ['<think>five and three</think>', 'correct'],
    [' \n<think></think>\n', 'correct'],
    ['</think>', 'malformed'],
    ['five <think></think>', 'malformed'],
    ['', 'malformed'],
  ])('reads a whole turn: %j', async (before, outcome) => {
    expect(await verifier().respond(solve(before + ANSWER))).toMatchObject({ outcome });
  });

  it('knows what it has accepted, and nothing of what another has', async () => {
    const one = verifier();
    const turn = `<think></think>${PROPOSAL}`;
    expect(await one.respond(propose(turn))).toMatchObject({ outcome: 'accepted', task: { output: '8' } });
    expect(await one.respond(propose(turn))).toMatchObject({ outcome: 'rejected', reason: 'duplicate' });
    expect(await verifier().respond(propose(turn))).toMatchObject({ outcome: 'accepted' });
  });
});
