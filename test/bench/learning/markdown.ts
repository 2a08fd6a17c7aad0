import type { Learning, Played } from './benchmark';
import { MEASURES, meanOver, type Estimate, type Figures, type Measure, type TypeFigures } from './figures';
import { summariesOf, type Gain } from './summary';

export interface Machine {
  date: string;
  cores: number;
  processor: string;
}

const NAMES: Record<Measure, string> = { sampled: 'temperature 1', greedy: 'greedy', passAt8: 'pass@8' };
const HEADINGS = MEASURES.map((measure) => NAMES[measure]);

/**
 * The page about what was learned.
 * @param picture file beside it
 */
export function asMarkdown(learning: Learning, picture: string, { date, cores, processor }: Machine): string {
  const { before, played } = learning;
  return [
    '# What self-play teaches the shipped policy',
    '',
    `Measured by \`npm run bench:learning\` on ${date}, ${cores} cores (${processor}); what it does stands in its`,
    '[README](../learning/README.md). Percent of tasks solved, with 95% intervals.',
    '',
    `![Solve rates before and after, by type and seed](${picture})`,
    '',
    '## Gain',
    '',
    'Points gained on the held-out tasks, mean over the seeds (least to greatest).',
    '',
    ...gainTable(learning),
    '',
    '## Every run',
    '',
    ...table(
      ['', 'made', 'type', ...HEADINGS, 'reasons', 'tokens an answer'],
      [
        ...typeRows('before', '', before.heldOut),
        ...played.flatMap((run) => typeRows(nameOf(run), made(run), run.after.heldOut)),
      ],
    ),
    '',
    '## Longer programs than any in pre-training',
    '',
    ...table(
      ['', '', 'type', ...HEADINGS, 'reasons', 'tokens an answer'],
      [
        ...typeRows('before', '', before.longer),
        ...played.flatMap((run) => typeRows(nameOf(run), '', run.after.longer)),
      ],
    ),
    '',
  ].join('\n');
}

function gainTable(learning: Learning): string[] {
  const rows = summariesOf(learning).flatMap(({ variant, seeds, gain, gainByType, gainOnLonger }) => [
    [variant, `${seeds}`, 'mean over types', ...gainCells(gain)],
    ...Object.entries(gainByType).map(([type, gains]) => ['', '', type, ...gainCells(gains)]),
    ...Object.entries(gainOnLonger).map(([type, gains]) => ['', '', `${type}, longer`, ...gainCells(gains)]),
  ]);
  return table(['variant', 'seeds', '', ...HEADINGS], rows);
}

const gainCells = (gains: Record<Measure, Gain>): string[] =>
  MEASURES.map((measure) => {
    const { mean, least, most } = gains[measure];
    return `${signed(mean)} (${signed(least)} to ${signed(most)})`;
  });

function typeRows(name: string, made: string, figures: Figures): string[][] {
  const rows = Object.entries(figures).map(([type, of]) => ['', '', type, ...figureCells(of)]);
  const mean = MEASURES.map((measure) => estimateText(meanOver(figures, measure)));
  return [[name, made, 'mean over types', ...mean, '', ''], ...rows];
}

const figureCells = (of: TypeFigures): string[] => [
  ...MEASURES.map((measure) => estimateText(of[measure])),
  percent(of.reasoned),
  of.meanTokens.toFixed(0),
];

const nameOf = ({ variant, seed }: Played): string => `${variant}, seed ${seed}`;
const made = ({ steps, tokensGenerated }: Played): string =>
  `${steps} steps, ${(tokensGenerated / 1e6).toFixed(1)}M tokens`;
const percent = (rate: number): string => (100 * rate).toFixed(1);
const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;
const estimateText = ({ rate, low, high }: Estimate): string =>
  `${percent(rate)} (${percent(low)} to ${percent(high)})`;

const table = (header: readonly string[], rows: readonly string[][]): string[] =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
