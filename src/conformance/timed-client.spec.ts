import { RunStatus, type InputRuns } from '../generated/azr/v1/executor';
import { delayOfRuns } from './timed-client';

const response = (...waitedUs: number[]): InputRuns => ({
  inputIndex: 0,
  runs: waitedUs.map((us) => ({
    ...{ status: RunStatus.RUN_STATUS_OK, output: '1', exceptionType: '', exceptionQualifiedName: '', detail: '' },
    ...{ wallUs: 0, interpreter: 0, waitedUs: us },
  })),
});

describe('a call', () => {
  it.each([
    ['within the limit of its run and a second', [response(0)], 1_500],
    ['within the limits of its runs', [response(0, 0), response(0)], 4_500],
    ['whose program waited for a core', [response(1_000_000)], 2_500],
    ['without a run', [], 1_500],
  ])('%s is in time', (_, responses, elapsedMs) => {
    expect(delayOfRuns(responses, elapsedMs, 500)).toEqual([]);
  });

  it.each([
    [[response(0)], 1_501, 'the end of a run in at most 1500 ms', '1501 ms'],
    [[response(0, 1_000_000)], 5_000, 'the end of 2 runs in at most 3000 ms', '4000 ms'],
    [[], 1_600, 'the end of a run in at most 1500 ms', '1600 ms'],
  ])('is late: %j after %d ms', (responses, elapsedMs, expected, got) => {
    expect(delayOfRuns(responses, elapsedMs, 500)).toEqual([{ expected, got }]);
  });
});
