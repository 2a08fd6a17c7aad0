import { MetricTable } from './metric-table';
import { chartsOf } from './run-charts';

const chartsWith = (...steps: Record<string, number>[]) => {
  const table = new MetricTable(steps.length);
  steps.forEach((metrics, i) => table.add({ step: i + 1, metrics }));
  return chartsOf({ table, evaluations: [] }).flatMap(({ charts }) => charts);
};

describe('the charts of a run', () => {
  it('are those of which something was measured, with the curves of which something was', () => {
    const charts = chartsWith({ 'solveRate/deduction': 0.5 }, { 'solveRate/deduction': 0.6, 'update/entropy': 1 });
    expect(charts.map(({ title }) => title)).toEqual(['Solve rate on proposed tasks', 'Entropy']);
    expect(charts[0]!.series.map(({ label, values }) => [label, values])).toEqual([['deduction', [0.5, 0.6]]]);
    expect(charts[1]!.series[0]!.values).toEqual([undefined, 1]);
  });

  it('leave out clipping and KL where there was none', () => {
    expect(chartsWith({ 'update/clipFractionLow': 0, 'update/klUpdate': 0 })).toEqual([]);
    expect(chartsWith({ 'update/clipFractionLow': 0.1, 'update/klUpdate': 0 })).toHaveLength(1);
  });

  it('have the largest layers at the bottom, and add up the smallest', () => {
    const reasons = Array.from({ length: 9 }, (_, i) => [`rejections/reason_${i}`, i + 1] as const);
    const [chart] = chartsWith(Object.fromEntries(reasons), {});
    expect(chart!.series.map(({ label }) => label)).toEqual([
      ...[8, 7, 6, 5, 4, 3].map((i) => `reason ${i}`),
      '3 others',
    ]);
    expect(chart!.series.at(-1)!.values).toEqual([1 + 2 + 3, 0]);
  });

  it('leave values that a logarithm has no place for out of its axis', () => {
    const [chart] = chartsWith({ 'update/mismatchMax': 0 }, { 'update/mismatchMax': 1e-6 });
    expect(chart!.series.map(({ values }) => values)).toEqual([[undefined, 1e-6]]);
  });
});
