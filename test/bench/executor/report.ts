import type { BenchmarkResult, MeasuredRounds } from './benchmark';
import { byKey, cpuPerVerdict, KEYS, perSecond, ratiosTo, type ByKey, type Ratio } from './summary';

const DIGITS = 4;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

const BASELINES = ['oneWorker', 'allCores'] as const;

/** The benchmark's line of JSON; README.md says what each field is. */
export function asJson({ measured, looped, ...result }: BenchmarkResult): object {
  const cpu = cpuPerVerdict(measured, 'ours');
  return {
    ...speeds(measured),
    cpuMsPerVerdict: rounded(total(cpu)),
    cpuMsPerVerdictBy: roundedValues(cpu),
    spread: {
      ratio: spreadOf(ratiosTo(measured, 'oneWorker')),
      ratioAllCores: spreadOf(ratiosTo(measured, 'allCores')),
    },
    baseline: Object.fromEntries(BASELINES.map((name) => [name, baselineJson(measured, name)])),
    withLoops: { ...speeds(looped), loops: looped.loops, verdicts: looped.verdicts.whole },
    tier: result.tier,
    cores: result.workers,
    programs: result.programs,
    leftOut: result.leftOut,
    rounds: measured.rounds.length,
    verdicts: measured.verdicts.whole,
    wrong: result.wrong,
    seconds: rounded(result.seconds),
  };
}

function speeds(measured: MeasuredRounds): object {
  const mediansTo = (name: string): ByKey<number> => {
    const ratios = ratiosTo(measured, name);
    return byKey((key) => rounded(ratios[key].median));
  };
  const ours = perSecond(measured, 'ours');
  return {
    ratio: mediansTo('oneWorker'),
    ratioAllCores: mediansTo('allCores'),
    perSecond: byKey((key) => rounded(ours[key])),
  };
}

const spreadOf = (of: ByKey<Ratio>): object => byKey((key) => [rounded(of[key].least), rounded(of[key].most)]);

function baselineJson(measured: MeasuredRounds, name: string): object {
  const speed = perSecond(measured, name);
  const cpu = cpuPerVerdict(measured, name);
  return {
    perSecond: byKey((key) => rounded(speed[key])),
    cpuMsPerVerdict: rounded(total(cpu)),
    cpuMsPerVerdictBy: roundedValues(cpu),
  };
}

const total = (values: Record<string, number>): number => Object.values(values).reduce((sum, value) => sum + value, 0);

const roundedValues = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)]));

/** The benchmark for a person. */
export function asText({ measured, looped, wrong, ...result }: BenchmarkResult): string {
  return [
    `${result.programs} programs, ${measured.verdicts.whole} verdicts a round, rounds: ${measured.rounds.length}; ` +
      `jail of tier ${result.tier}; ${result.workers} cores; ${result.seconds.toFixed(0)} s`,
    '',
    ...tableOf(measured),
    '',
    ...['ours', ...BASELINES].map((name) => cpuLine(name, measured)),
    '',
    `with ${looped.loops} of ${looped.verdicts.whole} verdicts about a program that never ends, at a limit of 1 s:`,
    ...tableOf(looped),
    '',
    `not right: ${wrong.ours} of our verdicts, ${wrong.baseline} of the baseline's`,
  ].join('\n');
}

function tableOf(measured: MeasuredRounds): string[] {
  const ours = perSecond(measured, 'ours');
  const others = BASELINES.map((name) => ({ speed: perSecond(measured, name), ratios: ratiosTo(measured, name) }));
  const row = (first: string, ...cells: string[]): string =>
    first.padEnd(12) + cells.map((cell, i) => cell.padStart(i === 0 ? 8 : 30)).join('');
  return [
    row('verdicts/s', 'ours', 'one worker', 'a worker a core'),
    ...KEYS.map((key) => {
      const compared = others.map(({ speed, ratios }) => `${speed[key].toFixed(0)} (${ratioText(ratios[key])})`);
      return row(key, ours[key].toFixed(0), ...compared);
    }),
  ];
}

const ratioText = ({ median, least, most }: Ratio): string =>
  `${median.toFixed(2)}x, ${least.toFixed(2)}–${most.toFixed(2)}`;

function cpuLine(name: string, measured: MeasuredRounds): string {
  const cpu = cpuPerVerdict(measured, name);
  const kinds = Object.entries(cpu).map(([kind, ms]) => `${kind} ${ms.toFixed(3)}`);
  return `CPU ms a verdict, ${name.padEnd(9)} ${total(cpu).toFixed(3)} (${kinds.join(', ')})`;
}
