import { presetDescription, presetNames } from '../config/preset-files';

/** Says which presets there are. */
export function presets({ json }: { json: boolean }): void {
  const all = presetNames().map((name) => ({ name, description: presetDescription(name) }));
  const width = Math.max(...all.map(({ name }) => name.length));
  const lines = all.map(({ name, description }) => `${name.padEnd(width)}  ${description}`);
  process.stdout.write(json ? `${JSON.stringify({ presets: all })}\n` : `${lines.join('\n')}\n`);
}
