import type { Check, Layer } from './tiers';

/** What a fork server says of itself when it is ready. */
export interface ForkServerReport {
  pythonVersion: string;
  /** What it built of its jail. */
  checks: Check[];
  /** Attacks that it can make on it; `lethal` ones hold only if they are killed for it. */
  probes: { name: string; layer: Layer; lethal: boolean }[];
}

/** Reads the lines that `python/fork_server.py` writes. */
export function parseReport(text: string): ForkServerReport {
  const [version = '', ...lines] = text.split('\n');
  const gap = lines.indexOf('');
  const fields = (from: number, to?: number): string[][] => lines.slice(from, to).map((line) => line.split('\t'));
  return {
    pythonVersion: version,
    checks: fields(0, gap).map(([name, layer, held, detail]) => {
      return { name: name!, layer: layer as Layer, held: held === '1', detail: detail! };
    }),
    probes: fields(gap + 1)
      .filter(([name]) => name !== '')
      .map(([name, layer, lethal]) => ({ name: name!, layer: layer as Layer, lethal: lethal === '1' })),
  };
}
