import type { Learning } from './benchmark';
import { meanOver, type Estimate, type Figures } from './figures';

const WIDTH = 260;
const HEIGHT = 220;
const LEFT = 40;
const TOP = 34;
const GAP = 18;
/** Okabe and Ito's, which colour-blind people can tell apart. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const MEASURES = { sampled: 'temperature 1', greedy: 'greedy' } as const;

/** SVG: a row for each measure, a panel for the mean and each type; a line from before to after for each run. */
export function asPicture({ before, played }: Learning): string {
  const panels = ['mean over types', ...Object.keys(before.heldOut)];
  const variants = [...new Set(played.map(({ variant }) => variant))];
  const rows = Object.entries(MEASURES).map(([measure, label], row) =>
    panels.map((panel, column) => {
      const of = (figures: Figures): Estimate =>
        column === 0 ? meanOver(figures, measure as keyof typeof MEASURES) : figures[panel]![measure as 'sampled'];
      const lines = played.map(({ variant, after }) => ({
        colour: COLOURS[variants.indexOf(variant) % COLOURS.length]!,
        from: of(before.heldOut),
        to: of(after.heldOut),
      }));
      return panelAt(LEFT + column * (WIDTH + GAP), TOP + row * (HEIGHT + 56), `${panel}, ${label}`, lines);
    }),
  );
  const width = LEFT + panels.length * (WIDTH + GAP);
  const height = TOP + rows.length * (HEIGHT + 56) + 14;
  const legend = variants.map(
    (variant, i) =>
      `<text x="${LEFT + i * 150}" y="${height - 10}" fill="${COLOURS[i % COLOURS.length]}">● ${variant}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ' font-family="system-ui, sans-serif" font-size="12">',
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...rows.flat(2),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

interface Line {
  colour: string;
  from: Estimate;
  to: Estimate;
}

function panelAt(x: number, y: number, title: string, lines: readonly Line[]): string[] {
  const at = (rate: number): string => (y + HEIGHT * (1 - rate)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (rate) =>
      `<line x1="${x}" x2="${x + WIDTH}" y1="${at(rate)}" y2="${at(rate)}" stroke="#ddd"/>` +
      `<text x="${x - 6}" y="${at(rate)}" dy="4" text-anchor="end" fill="#555">${100 * rate}%</text>`,
  );
  const drawn = lines.map(({ colour, from, to }, i) => {
    const [start, end] = [x + 50, x + WIDTH - 70 + (60 * (i + 0.5)) / lines.length];
    const bar = (place: number, { low, high }: Estimate): string =>
      `<line x1="${place}" x2="${place}" y1="${at(low)}" y2="${at(high)}" stroke="${colour}" stroke-opacity="0.5"/>`;
    return [
      `<line x1="${start}" x2="${end}" y1="${at(from.rate)}" y2="${at(to.rate)}"`,
      ` stroke="${colour}" stroke-opacity="0.6"/>`,
      `<circle cx="${start}" cy="${at(from.rate)}" r="3" fill="${colour}"/>`,
      `<circle cx="${end}" cy="${at(to.rate)}" r="3" fill="${colour}"/>`,
      bar(start, from),
      bar(end, to),
    ].join('');
  });
  const labels = [
    `<text x="${x + 50}" y="${y + HEIGHT + 18}" text-anchor="middle" fill="#555">before</text>`,
    `<text x="${x + WIDTH - 40}" y="${y + HEIGHT + 18}" text-anchor="middle" fill="#555">after</text>`,
  ];
  return [`<text x="${x}" y="${y - 10}" font-weight="600">${title}</text>`, ...ticks, ...drawn, ...labels];
}
