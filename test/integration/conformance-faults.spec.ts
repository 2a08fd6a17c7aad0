import type { Bench } from '../../src/conformance/bench';
import { playRound } from '../../src/conformance/lanes';
import { playSandbox } from '../../src/conformance/play-sandbox';
import { playPatiently } from '../../src/conformance/rounds';
import type { SandboxCase } from '../../src/conformance/sandbox-case';
import { PartUnavailable } from '../../src/domain/errors';
import { parseValue } from '../../src/domain/value';
import { descendantsOf, killIfThere, pidOf } from '../support/processes';

const BOUND_MS = 2 * 60_000;
const JAIL = { minimumTier: 2 };

const square = (id: string): SandboxCase => ({
  ...{ id, program: 'def f(x):\n    return x * x', input: '3', timeoutMs: 2_000, statuses: ['ok'] },
  output: parseValue('9'),
});
const EVERY_SERVER = 'every fork server there afterwards, and nothing else';
const CASES = ['a', 'b', 'c'].map(square);

const executorOf = ({ address }: Bench): number =>
  pidOf(descendantsOf(process.pid), address.replace('unix:', '--socket '));

function killForkServers(bench: Bench): void {
  const below = descendantsOf(executorOf(bench)).map((identity) => Number(identity.split(' ')[0]));
  expect(below.length).toBeGreaterThan(0);
  below.forEach(killIfThere);
}

/** Plays cases, and before the first of them to be played does some harm. */
function harmedOnce(harm: (bench: Bench) => void) {
  let isDone = false;
  return (one: SandboxCase, bench: Bench) => {
    if (!isDone) harm(bench);
    isDone = true;
    return playSandbox(one, bench);
  };
}

describe('cases', () => {
  it.each([
    ['fork servers', killForkServers],
    ['executor', (bench: Bench) => killIfThere(executorOf(bench))],
  ])(
    'pass though someone ends the %s under them',
    async (_, harm) => {
      const { plays } = await playPatiently(CASES, JAIL, harmedOnce(harm));
      expect(CASES.map((one) => plays.get(one))).toEqual(
        CASES.map(() => ({ faults: [], doubts: [], outcomes: ['ok'] })),
      );
    },
    BOUND_MS,
  );

  it(
    'that end fork servers each time they are played fail, as do those that cannot be played, and the others go on',
    async () => {
      const { plays, tier } = await playPatiently(CASES, JAIL, (one, bench) => {
        if (one.id === 'a') return Promise.reject(new TypeError('a bug'));
        if (one.id === 'b') killForkServers(bench);
        return playSandbox(one, bench);
      });
      expect([1, 2]).toContain(tier);
      const faults = CASES.map((one) => plays.get(one)!).map((play) => [...play.faults, ...play.doubts]);
      expect(faults).toEqual([
        [{ expected: 'a case that can be run', got: 'a bug' }],
        [
          {
            expected: EVERY_SERVER,
            got: expect.stringMatching(/^\d+ of \d+ fork servers have ended, and 0 processes/),
          },
        ],
        [],
      ]);
    },
    BOUND_MS,
  );

  it(
    'that lose their executor are played again in another, once more at most',
    async () => {
      const played: string[] = [];
      const play = (one: SandboxCase, bench: Bench) => {
        played.push(one.id);
        const isLost = one.id === 'a' || (one.id === 'b' && played.filter((id) => id === 'b').length === 1);
        return isLost ? Promise.reject(new PartUnavailable('executor', 'it is gone')) : playSandbox(one, bench);
      };
      const { plays } = await playRound(CASES, JAIL, play, 1);
      expect(played).toEqual(['a', 'a', 'b', 'b', 'c']);
      expect(CASES.map((one) => plays.get(one)!.faults)).toEqual([
        [{ expected: 'a case that can be run', got: 'it is gone' }],
        [],
        [],
      ]);
    },
    BOUND_MS,
  );
});
