import { status } from '@grpc/grpc-js';
import { paper } from '../../src/domain/prompt/paper';
import type { ScoreItem, Task, ValidateItem } from '../../src/generated/azr/v1/verifier';
import { ServedVerifier } from '../support/served-verifier';
import { failureOf, statusDetails } from '../support/status-details';
import { bareAnswer, shortly, triplet, type VerifierClient } from '../support/verifier-client';

const SQUARE = 'def f(x):\n    return x * x';

const induction = (...hidden: [input: string, output: string][]): Task['task'] => ({
  $case: 'induction',
  value: { program: '', message: '', given: [], hidden: hidden.map(([input, output]) => ({ input, output })) },
});

const one = bareAnswer(triplet('deduction', { output: '1' }), '1.0');

describe('VerifierService', () => {
  let served: ServedVerifier;
  let client: VerifierClient;

  beforeAll(async () => {
    served = await ServedVerifier.start();
    ({ client } = await served.serve());
  }, 60_000);
  afterAll(async () => {
    await served.close();
    await served.stop();
    expect(served.reported).toEqual([]);
  });

  const scored = async (...items: ScoreItem[]): Promise<string[]> => (await client.scored(items)).map(shortly);
  const validated = async (...items: ValidateItem[]): Promise<string[]> => (await client.validated(items)).map(shortly);

  it('scores bare answers of every type, each against its own task', async () => {
    const abduction = triplet('abduction', { program: SQUARE, output: '9' });
    const pairs = induction(['3', '9'], ['-2', '4']);
    expect(
      await scored(
        bareAnswer(triplet('deduction', { output: '{"b": 1, "a": inf}' }), "{'a': float('inf'), 'b': 1}"),
        bareAnswer(triplet('deduction', { output: '1' }), '1.0'),
        bareAnswer(triplet('deduction', { output: '1' }), 'f(1)'),
        ...['3', '-3', '2', "'a'"].map((input) => bareAnswer(abduction, input)),
        ...[SQUARE, 'def g(y): return y ** 2', 'def f(x): return abs(x) * 3'].map((it) => bareAnswer(pairs, it)),
        bareAnswer(triplet('error', { output: 'KeyError' }), 'KeyError'),
        bareAnswer(triplet('error', { output: 'NoError' }), 'LookupError'),
      ),
    ).toEqual([
      ...['correct', 'wrong_value', 'bad_answer'],
      ...['correct', 'correct', 'wrong_value', 'exception'],
      ...['correct', 'correct', 'wrong_value'],
      ...['correct', 'wrong_value'],
    ]);
  });

  it('reads whole responses in the prompt format that the options name', async () => {
    const task = { task: triplet('deduction', { output: '7' }) };
    const respond = (text: string, truncated = false): ScoreItem => ({
      task,
      answer: { $case: 'response', value: { text, truncated } },
    });
    const right = paper.renderAnswer('deduction', '7');
    const items = [respond(right), respond(`<think>so\n${right}`), respond(right, true), respond('</think>7')];
    const asPaper = await client.scored(items, { promptFormat: 'paper' });
    expect(asPaper.map(shortly)).toEqual(['correct', 'correct', 'truncated', 'malformed']);
    expect(shortly((await client.scored(items, { promptFormat: 'compact' }))[3])).toBe('correct');
    const [unread] = await client.scored([respond(right)]);
    expect(unread).toEqual({
      $case: 'error',
      value: {
        field: 'response',
        value: right,
        legal: 'to be read it needs options.prompt_format: compact or paper',
      },
    });
  });

  it('gives an illegal item an error of its own, and goes on with the others', async () => {
    const good = bareAnswer(triplet('deduction', { output: '1' }), '1');
    const items: [string, ScoreItem][] = [
      ['correct', good],
      ['task', { ...good, task: undefined }],
      ['task', { ...good, task: { task: undefined } }],
      ['answer', { ...good, answer: undefined }],
      ['task.deduction.output', bareAnswer(triplet('deduction', {}), '1')],
      ['task.deduction.output', bareAnswer(triplet('deduction', { output: 'open("x")' }), '1')],
      ['task.abduction.output', bareAnswer(triplet('abduction', { program: SQUARE, output: '1 +' }), '1')],
      ['task.abduction.program', bareAnswer(triplet('abduction', { program: 'def f(:', output: '1' }), '1')],
      ['task.abduction.program', bareAnswer(triplet('abduction', { program: 'x = 1', output: '1' }), '1')],
      ['task.abduction.program', bareAnswer(triplet('abduction', { program: '#'.repeat(10_000_000) }), '1')],
      ['task.induction.hidden', bareAnswer(induction(), SQUARE)],
      ['task.induction.hidden[1].input', bareAnswer(induction(['1', '1'], [')', '1']), SQUARE)],
      ['task.induction.hidden', bareAnswer(induction(['1', `'${'x'.repeat(1 << 20)}'`]), SQUARE)],
      ['task.induction.hidden[0].output', bareAnswer(induction(['1', '']), SQUARE)],
      ['task.error.output', bareAnswer(triplet('error', { output: 'Key Error' }), 'KeyError')],
      ['correct', good],
    ];
    const results = await client.scored(items.map(([, item]) => item));
    expect(results.map(shortly)).toEqual(items.map(([expected]) => expected));
    expect(results[7]).toMatchObject({
      value: { value: 'def f(:', legal: expect.stringMatching(/^it is Python: .*syntax/) as string },
    });
    expect(results[8]).toMatchObject({ value: { value: 'x = 1', legal: 'it defines f, or a single function' } });
  });

  it('validates proposals, as such and as responses, and its tasks can be answered', async () => {
    const proposal = { program: SQUARE, input: '0x3', response: undefined };
    const response = {
      text: paper.renderProposal({ type: 'abduction', program: SQUARE, input: '3' }),
      truncated: false,
    };
    const inputs = Array.from({ length: 10 }, (_, i) => `${i}`);
    const [deduction, abduction, found, leaking] = await client.validated(
      [
        { proposal: { $case: 'deduction', value: proposal } },
        { proposal: { $case: 'abduction', value: { program: '', input: '', response } } },
        { proposal: { $case: 'induction', value: { program: SQUARE, inputs, message: '', response: undefined } } },
        { proposal: { $case: 'induction', value: { program: SQUARE, inputs, message: SQUARE, response: undefined } } },
      ],
      { promptFormat: 'paper' },
    );
    expect([deduction, abduction, found, leaking].map(shortly)).toEqual(['accepted', 'accepted', 'accepted', 'leak']);
    expect(deduction).toMatchObject({
      value: { taskId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, task: { task: { value: { output: '9' } } } },
    });
    const tasks = [deduction, abduction, found].map((it) =>
      it?.$case === 'validation' ? it.value.task!.task : undefined,
    );
    expect(await scored(...['9', '-3', SQUARE].map((gold, i) => bareAnswer(tasks[i], gold)))).toEqual([
      ...['correct', 'correct', 'correct'],
    ]);
  });

  it('judges by the options', async () => {
    expect((await client.scored([one], { equality: 'python' })).map(shortly)).toEqual(['correct']);
    const propose = (program: string): ValidateItem => ({
      proposal: { $case: 'error', value: { program, input: '1', response: undefined } },
    });
    const items = [
      propose('import math\ndef f(x):\n    return math.floor(x)'),
      propose('def f(x):\n    raise KeyError(x)'),
      propose('def f(x):\n    while True: pass'),
      propose('def f(x):\n    return "a" * 100 * x'),
    ];
    const limits = { timeoutMs: 300, memoryMib: 0, outputBytes: 50, inputLength: 0 };
    const strict = await client.validated(items, { banned: ['math'], bannedErrorKeywords: ['raise'], limits });
    expect(strict.map(shortly)).toEqual(['banned', 'banned', 'timeout', 'output_limit']);
    expect((await client.validated(items.filter((_, i) => i !== 2))).map(shortly)).toEqual(Array(3).fill('accepted'));
  });

  it('gives a proposal that cannot be told an error, and whatever a proposer wrote a verdict', async () => {
    const value = { program: SQUARE, input: '1', response: { text: '', truncated: false } };
    const shown = { program: SQUARE, inputs: ['1'], message: '', response: { text: '', truncated: false } };
    expect(
      await validated(
        { proposal: undefined },
        { proposal: { $case: 'deduction', value } },
        { proposal: { $case: 'deduction', value: { ...value, program: '', input: '' } } },
        { proposal: { $case: 'induction', value: shown } },
        {
          proposal: { $case: 'deduction', value: { program: '#'.repeat(10_000_000), input: '1', response: undefined } },
        },
        { proposal: { $case: 'abduction', value: { program: '', input: '', response: undefined } } },
        { proposal: { $case: 'induction', value: { ...shown, inputs: [], response: undefined } } },
      ),
    ).toEqual([
      ...['proposal', 'deduction.program', 'deduction.response', 'induction.inputs'],
      ...['too_long', 'bad_input', 'too_few_inputs'],
    ]);
  });

  it.each([
    ['no items', [], {}, ['items']],
    ['more than 10,000 items', Array<ScoreItem>(10_001).fill(one), {}, ['items']],
    [
      'options that are not legal',
      [one],
      { equality: 'loose', promptFormat: 'html', banned: ['a b'], limits: { timeoutMs: 70_000 } as never },
      ['options.banned', 'options.equality', 'options.limits.timeout_ms', 'options.prompt_format'],
    ],
  ])('refuses a call with %s, and says what is wrong', async (_, items, options, fields) => {
    const failure = await failureOf(client.scored(items, options));
    expect(failure.code).toBe(status.INVALID_ARGUMENT);
    const { fieldViolations } = statusDetails(failure)['BadRequest'] as { fieldViolations: { field: string }[] };
    expect(fieldViolations.map(({ field }) => field).sort()).toEqual(fields);
  });

  it('refuses a message that is too large', async () => {
    const huge = bareAnswer(triplet('deduction', { output: '1' }), 'x'.repeat(65 << 20));
    expect((await failureOf(client.scored([huge]))).code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('says what verdicts are made under', async () => {
    const { tier, pythonVersion, promptFormats } = await client.capabilities();
    expect([1, 2]).toContain(tier);
    expect(pythonVersion).toMatch(/^3\.1[123]\./);
    expect(promptFormats).toEqual(['compact', 'paper']);
  });
});
