import { unplayed } from './play';
import { reportOf, reportText } from './report';

const passed = { faults: [], doubts: [], outcomes: ['ok'] };
const failed = {
  faults: [{ expected: 'ok: 1', got: 'crash\u001b[2J' }],
  doubts: [{ expected: 'the end of a run in at most 1500 ms', got: '1700 ms' }],
  outcomes: ['crash'],
};
const results = [
  { id: 'a', play: passed },
  { id: 'b', play: failed },
  { id: 'line 3', play: unplayed('line 3: not JSON') },
];

describe('a report', () => {
  it('counts every line, and says of each that failed what was expected and what there was', () => {
    expect(reportOf(results, 2)).toEqual({
      total: 3,
      passed: 1,
      failed: [
        {
          id: 'b',
          expected: 'ok: 1; the end of a run in at most 1500 ms',
          got: 'crash\u001b[2J; 1700 ms',
        },
        { id: 'line 3', expected: 'a case that can be run', got: 'line 3: not JSON' },
      ],
      tier: 2,
    });
  });

  it('is told to a person without obeying what a program wrote', () => {
    expect(reportText(reportOf(results.slice(0, 2), 1))).toBe(
      'FAILED b\n  expected ok: 1; the end of a run in at most 1500 ms\n  got      crash\\u001b[2J; 1700 ms\n' +
        '1 of 2 cases passed at tier 1',
    );
  });
});
