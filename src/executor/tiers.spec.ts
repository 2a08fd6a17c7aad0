import { refusal, tierOf, type Check, type JailReport, type Layer } from './tiers';

const LAYERS: Layer[] = ['base', 'limits', 'seccomp', 'landlock', 'namespaces'];
const checks = (...failing: Layer[]): Check[] =>
  LAYERS.map((layer) => ({ name: `try-${layer}`, layer, held: !failing.includes(layer), detail: 'not permitted' }));
const report = (...failing: Layer[]): JailReport => {
  const tried = checks(...failing);
  return { tier: tierOf(tried), checks: tried, pythonVersion: '3.11.7' };
};

describe('the tier', () => {
  it.each<[Layer[], number | undefined]>([
    [[], 1],
    [['namespaces'], 2],
    [['landlock'], 3],
    [['landlock', 'namespaces'], 3],
    [['seccomp'], undefined],
    [['limits'], undefined],
    [['base', 'namespaces'], undefined],
  ])('without %j is %i', (failing, tier) => {
    expect(tierOf(checks(...failing))).toBe(tier);
  });

  it('in a sandbox that was declared is 0, if programs are held in it', () => {
    expect(tierOf(checks(), true)).toBe(0);
    expect(tierOf(checks('landlock', 'namespaces'), true)).toBe(0);
    expect(tierOf(checks('seccomp'), true)).toBeUndefined();
  });
});

describe('a host', () => {
  it('that is good enough is not refused', () => {
    expect(refusal(report(), 1)).toBeUndefined();
    expect(refusal(report('namespaces'), 2)).toBeUndefined();
    expect(refusal(report('landlock'), 3)).toBeUndefined();
  });

  it('that is too weak is told what it denies and how to allow it', () => {
    expect(refusal(report('landlock', 'namespaces'), 2)).toBe(
      'the jail reaches only tier 3 on this host, and executor.minimumTier is 2; ' +
        'what failed: try-landlock (not permitted); allow it with --set executor.minimumTier=3',
    );
  });

  it('without a sandbox is told so where one is demanded', () => {
    expect(refusal(report(), 0)).toBe(
      'the jail reaches only tier 1 on this host, and executor.minimumTier is 0; what failed: ' +
        'no sandbox around the executor is declared (azr executor --sandboxed); ' +
        'allow it with --set executor.minimumTier=1',
    );
  });

  it('that has no jail is refused for good', () => {
    expect(refusal(report('seccomp', 'landlock'), 3)).toBe(
      'the jail reaches no tier on this host, and executor.minimumTier is 3; ' +
        'what failed: try-seccomp (not permitted); programs cannot be run safely here',
    );
  });
});
