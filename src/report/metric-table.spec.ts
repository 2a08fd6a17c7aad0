import { MetricTable } from './metric-table';

const tableOf = (steps: number, metricsOf: (step: number) => Record<string, number>): MetricTable => {
  const table = new MetricTable(steps);
  for (let step = 1; step <= steps; step++) table.add({ step, metrics: metricsOf(step) });
  return table;
};

describe('the table of metrics', () => {
  it('has a row for each step of a short run, with gaps where nothing was measured', () => {
    const table = tableOf(3, (step): Record<string, number> => (step === 2 ? {} : { a: step }));
    expect(table.steps).toEqual([1, 2, 3]);
    expect(table.column('a')).toEqual([1, undefined, 3]);
    expect(table.column('b')).toEqual([undefined, undefined, undefined]);
  });

  it('has means over steps of a long one, the last row of those that are left', () => {
    const table = tableOf(1_001, (step) => ({ a: step }));
    expect(table.width).toBe(3);
    expect(table.steps.length).toBeLessThanOrEqual(400);
    expect(table.steps.slice(0, 2)).toEqual([3, 6]);
    expect(table.steps.at(-1)).toBe(1_001);
    expect(table.column('a').slice(0, 2)).toEqual([2, 5]);
    expect(table.column('a').at(-1)).toBe(1_000.5);
  });

  it('lists the members of a family, the largest first', () => {
    const table = tableOf(2, () => ({ 'seconds/a': 1, 'seconds/b': 2, secondsOther: 9 }));
    expect(table.members('seconds')).toEqual(['b', 'a']);
  });

  it('takes a member of a family that a step lacks for nothing of it', () => {
    const table = tableOf(800, (step): Record<string, number> => (step % 2 === 0 ? { 'rejections/timeout': 3 } : {}));
    expect(table.width).toBe(2);
    expect(table.memberColumn('rejections', 'timeout')[0]).toBe(1.5);
  });
});
