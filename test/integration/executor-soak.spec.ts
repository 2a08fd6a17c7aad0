import { Closers } from '../../src/control-plane/closers';
import { pyInt } from '../../src/domain/value';
import { RunMode, RunStatus, type InputRuns, type Run } from '../../src/generated/azr/v1/executor';
import { objectionTo, type Expectation } from '../soak/expectation';
import { growthOf } from '../soak/growth';
import { runSoak } from '../soak/soak';

/** The short form of `npm run soak:executor`: too short to tell growth of memory from its noise. */
it('the executor answers a mixed load under attack, and holds no more after it than before', async () => {
  const closers = new Closers();
  try {
    const result = await runSoak({ executions: 600, seed: 1, pauses: 4 }, closers);
    expect(result.objections).toEqual([]);
    expect(result).toMatchObject({ executions: 600, lost: 0, wrong: 0, attacks: 30, canaries: 30, canariesWrong: 0 });
    expect(result.killed).toBe(4);
    expect(result.growth).toMatchObject({ processes: 0, descriptors: 0 });
  } finally {
    await closers.closeAll(() => undefined);
  }
}, 180_000);

describe('what a soak objects to', () => {
  const ok = (output: string): Partial<Run> => ({ status: RunStatus.RUN_STATUS_OK, output });
  const raised: Partial<Run> = { status: RunStatus.RUN_STATUS_EXCEPTION, exceptionType: 'KeyError' };
  const timeout: Partial<Run> = { status: RunStatus.RUN_STATUS_TIMEOUT };
  const answer = (...runs: Partial<Run>[]): InputRuns => ({
    inputIndex: 0,
    runs: runs.map((run) => ({ output: '', exceptionType: '', detail: '', ...run }) as Run),
  });
  const one: Expectation = { value: pyInt(1) };
  const hangs: Expectation = { statuses: [RunStatus.RUN_STATUS_TIMEOUT] };
  const { RUN_MODE_ONCE: ONCE, RUN_MODE_TWICE: TWICE, RUN_MODE_ACROSS: ACROSS } = RunMode;

  it.each([
    ['nothing in a right value', answer(ok('1')), ONCE, one, undefined],
    ['another value', answer(ok('2')), ONCE, one, 'RUN_STATUS_OK 2'],
    ['a value of another type', answer(ok('True')), ONCE, one, 'RUN_STATUS_OK True'],
    ['no run', answer(), ONCE, one, '0 runs'],
    ['a run too few', answer(ok('1'), ok('1')), ACROSS, one, '2 runs of 3'],
    ['a run too many', answer(ok('1'), ok('1')), ONCE, one, '2 runs'],
    ['runs that do not agree', answer(ok('1'), ok('3')), TWICE, one, 'RUN_STATUS_OK 3'],
    ['nothing in the right exception', answer(raised, raised), TWICE, { exception: 'KeyError' }, undefined],
    ['another exception', answer(raised), ONCE, { exception: 'IndexError' }, 'RUN_STATUS_EXCEPTION KeyError'],
    ['a value where one should be raised', answer(ok('1')), ONCE, { exception: 'KeyError' }, 'RUN_STATUS_OK 1'],
    ['nothing in a process that ended as it should', answer(timeout), ACROSS, hangs, undefined],
    ['a process that should have ended', answer(ok('1')), ONCE, hangs, 'RUN_STATUS_OK 1'],
  ])('%s', (_, response, runMode, expected, objection) => {
    const found = objectionTo(response, runMode, expected);
    if (objection === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(objection);
  });

  it('is growth from the first quarter to the last, whatever lies between', () => {
    const samples = [10, 12, 90, 90, 90, 90, 14, 13].map((residentMiB, i) => {
      return { processes: 8, descriptors: i < 6 ? 50 : 51, residentMiB };
    });
    expect(growthOf(samples)).toEqual({ processes: 0, descriptors: 1, residentMiB: 2 });
  });
});
