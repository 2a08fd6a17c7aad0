import type { Chart } from './chart';
import { lineChart } from './line-chart';
import { numberText } from './number-text';
import { smoothed } from './smoothing';
import { stackChart } from './stack-chart';

const chart = (changes: Partial<Chart>): Chart => ({
  ...{ title: 't', axis: 'a', meaning: 'm', kind: 'lines', unit: 'number', steps: [1, 2, 3], width: 1, lastStep: 3 },
  series: [{ label: 'l', tone: 'plain', values: [1, undefined, 3] }],
  ...changes,
});
const coordinates = (markup: string): number[] => [...markup.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);

describe('charts', () => {
  it('leave a gap where nothing was measured', () => {
    const { markup } = lineChart(chart({}));
    expect(markup.match(/<path d="([^"]*)"/)![1]).toMatch(/^M[^M]*ZM[^M]*Z$/);
    expect(markup.match(/<circle/g)).toHaveLength(2);
  });

  it.each([
    ['no point', []],
    ['one point', [5]],
    ['equal points', [2, 2, 2]],
    ['zeros', [0, 0, 0]],
    ['negative points', [-3, -2, -1]],
  ])('of %s stay within their frame', (_, values) => {
    const steps = values.map((_value, i) => i + 1);
    const changes = { steps, lastStep: values.length, series: [{ label: 'l', tone: 'plain', values }] };
    for (const markup of [lineChart(chart(changes)).markup, stackChart(chart({ ...changes, kind: 'stack' })).markup]) {
      expect(markup).not.toContain('NaN');
      for (const path of markup.matchAll(/ d="([^"]*)"/g)) {
        for (const at of coordinates(path[1]!)) expect(at).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('pile up layers to the sum of their values', () => {
    const series = [1, 2].map((value, i) => ({ label: `${i}`, tone: `layer-${i}`, values: [value, value] }));
    const { markup } = stackChart(chart({ kind: 'stack', scale: 'from zero', steps: [1, 2], lastStep: 2, series }));
    const [, upper] = [...markup.matchAll(/<path[^>]* d="([^"]*)"/g)].map(([, path]) => coordinates(path!));
    // 3 of 3 is the top of the frame.
    expect(Math.min(...upper!)).toBe(22);
  });

  it('write whole powers of ten on a logarithmic axis', () => {
    const series = [{ label: 'l', tone: 'plain', values: [2e-7, 3e-5, 2e-6] }];
    const { markup } = lineChart(chart({ scale: 'log', series }));
    expect([...markup.matchAll(/class="y"[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
      '1e−7',
      '1e−6',
      '1e−5',
      '1e−4',
    ]);
  });
});

describe('the moving average', () => {
  it('begins at the first point, keeps what is constant, and halves a jump within its half-life', () => {
    expect(smoothed([3, 3, 3])).toEqual([3, 3, 3]);
    const jump = smoothed([...Array<number>(200).fill(0), ...Array<number>(200).fill(1)]);
    expect(jump[199]).toBe(0);
    expect(jump[219]).toBeCloseTo(0.5, 3);
    expect(smoothed([1, undefined, 1])[1]).toBeUndefined();
  });
});

test('numbers are short, in their unit, with a minus sign', () => {
  expect([0.12345, 1].map((value) => numberText(value, 'share'))).toEqual(['12.3%', '100%']);
  expect([0, -0.125, 12.345, 1234.5, 4.2e-7, 2e9].map((value) => numberText(value, 'number'))).toEqual([
    '0',
    '−0.13',
    '12.3',
    '1,235',
    '4.2e−7',
    '2e9',
  ]);
  expect(numberText(2.345, 'seconds')).toBe('2.35 s');
});
