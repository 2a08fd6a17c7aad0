import { stringify } from 'yaml';
import { resolveSpec, type ResolvedSpec } from '../config/resolve-spec';
import { isPlain, leaves } from '../config/setting-paths';
import { runSources, type RunOptions } from './run-sources';

/** Says what a run's settings are, and where each was said; the YAML is one that `--config` takes. */
export function config({ json, ...options }: RunOptions & { json: boolean }): void {
  const resolved = resolveSpec(runSources(options));
  process.stdout.write(json ? `${JSON.stringify(settingsJson(resolved))}\n` : settingsYaml(resolved));
}

/** Every setting by its path, in the order of the specification. */
export const settingsJson = ({ spec, origins }: ResolvedSpec): Record<string, { value: unknown; source?: string }> =>
  Object.fromEntries(leaves(spec).map(([path, value]) => [path, { value, source: origins.get(path) }]));

/** The settings as YAML, with where each was said in a comment behind it. */
export function settingsYaml({ spec, origins }: ResolvedSpec): string {
  const lines = linesOf(spec, '', 0);
  const width = Math.max(...lines.map(({ text }) => (text.length <= WIDEST ? text.length : 0)));
  return lines.map(({ path, text }) => `${withOrigin(text, width, origins.get(path))}\n`).join('');
}

/** Longer lines, such as lists, do not move the comments of the others. */
const WIDEST = 60;

const withOrigin = (text: string, width: number, origin: string | undefined): string =>
  origin === undefined ? text : `${text.padEnd(width)} # ${origin}`;

function linesOf(section: object, prefix: string, depth: number): { path: string; text: string }[] {
  return Object.entries(section).flatMap(([key, value]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    const text = `${'  '.repeat(depth)}${key}:`;
    if (isPlain(value)) return [{ path, text }, ...linesOf(value, `${path}.`, depth + 1)];
    return [{ path, text: `${text} ${onOneLine(value)}` }];
  });
}

const onOneLine = (value: unknown): string =>
  stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
    blockQuote: false,
  }).trimEnd();
