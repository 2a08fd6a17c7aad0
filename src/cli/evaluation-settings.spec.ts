import { InvalidSettings } from '../domain/errors';
import { evaluationSpec, toldFormat } from './evaluation-settings';

describe('the settings of an evaluation', () => {
  it('have no format of their own unless it is told by option, setting or preset', () => {
    expect(toldFormat({ set: [] })).toBeUndefined();
    expect(toldFormat({ set: ['rollout.maxTokens=9'] })).toBeUndefined();
    expect(toldFormat({ set: [], format: 'paper' })).toBe('paper');
    expect(toldFormat({ set: ['prompt.format=paper'] })).toBe('paper');
    expect(toldFormat({ set: [], preset: 'azr-coder-3b' })).toBe('paper');
    expect(toldFormat({ set: [], preset: 'embedded', format: 'paper' })).toBe('paper');
  });

  it('are those of a policy of the format, unless a preset is named; what is set wins', () => {
    expect(evaluationSpec({ set: [] }, 'compact')).toMatchObject({
      ...{ prompt: { format: 'compact' }, tasks: { equality: 'strict' }, rollout: { maxTokens: 256 }, seed: 0 },
    });
    expect(evaluationSpec({ set: ['rollout.maxTokens=512'], seed: 3 }, 'paper')).toMatchObject({
      ...{ prompt: { format: 'paper' }, tasks: { equality: 'python' }, rollout: { maxTokens: 512 }, seed: 3 },
      executor: { outputBytes: 16_384 },
    });
    const named = evaluationSpec({ set: ['executor.outputBytes=500'], preset: 'embedded' }, 'paper');
    expect(named).toMatchObject({ prompt: { format: 'paper' }, rollout: { maxTokens: 256 } });
    expect(named.executor.outputBytes).toBe(500);
  });

  it('are refused where one is not legal', () => {
    expect(() => toldFormat({ set: ['rollout.maxTokens=0'] })).toThrow(InvalidSettings);
    expect(() => evaluationSpec({ set: ['rollout.maxToken=9'] }, 'paper')).toThrow(/rollout\.maxToken/);
  });
});
