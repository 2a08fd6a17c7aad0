import { InvalidSettings } from '../../../domain/errors';
import { VerifierOptions } from '../../../generated/azr/v1/verifier';
import { rulesOf } from './rules';

const rulesWith = (options: Parameters<typeof VerifierOptions.fromPartial>[0]) =>
  rulesOf(VerifierOptions.fromPartial(options));

describe('the rules of a request', () => {
  it.each([undefined, VerifierOptions.fromPartial({ limits: {} })])('are those of the contract: %j', (options) => {
    const { settings, format } = rulesOf(options);
    expect(settings.tasks).toEqual({
      ...settings.tasks,
      ...{ inductionInputs: 10, equality: 'strict', duplicates: 'reject', leaks: 'reject', constantOutputs: 'reject' },
      ...{ ignoredInputs: 'allow', equalHiddenOutputs: 'zeroReward', shownHiddenInputs: 'reject' },
      ...{ banned: [], bannedErrorKeywords: [], stripComments: false },
    });
    expect(settings.executor).toMatchObject({
      ...{ timeoutMs: 5_000, memoryMib: 512, outputBytes: 65_536, inputLength: 65_536 },
    });
    expect(format).toBeUndefined();
  });

  it('are changed by the options that are set', () => {
    const { settings, format } = rulesWith({
      ...{ promptFormat: 'compact', equality: 'python', inductionInputs: 4, stripComments: true, leaks: 'allow' },
      ...{ limits: { memoryMib: 64 }, banned: ['math', 'itertools.tee'] },
    });
    expect(format?.name).toBe('compact');
    expect(settings.tasks).toMatchObject({
      ...{ equality: 'python', inductionInputs: 4, stripComments: true, leaks: 'allow', duplicates: 'reject' },
      banned: ['math', 'itertools.tee'],
    });
    expect(settings.executor).toMatchObject({ memoryMib: 64, timeoutMs: 5_000 });
  });

  it('name every option that is not legal as the contract does', () => {
    try {
      rulesWith({ bannedErrorKeywords: ['yield'], inductionInputs: 1, limits: { inputLength: 2_000_000 } });
      throw new Error('nothing was refused');
    } catch (error) {
      expect((error as InvalidSettings).problems.map(({ path, value }) => [path, value])).toEqual([
        ['options.induction_inputs', 1],
        ['options.banned_error_keywords', ['yield']],
        ['options.limits.input_length', 2_000_000],
      ]);
    }
  });
});
