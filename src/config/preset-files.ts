import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { InvalidSettings } from '../domain/errors';
import type { Plain } from './setting-paths';

const PRESETS = join(__dirname, 'presets');

/** A preset is a file of settings with a `description`; it may extend one that is no preset itself. */
interface PresetFile {
  description?: string;
  extends?: string;
  settings: Plain;
}

/** The settings of one file, which override those of the files before it. */
export interface PresetLayer {
  /** File below `presets/`, without its ending, such as `base/azr`. */
  file: string;
  settings: Plain;
}

export const presetNames = (): string[] =>
  readdirSync(PRESETS)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** One line that says what the preset trains. */
export const presetDescription = (name: string): string => readPresetFile(name).description ?? '';

/** A preset's files, what it extends first. @throws InvalidSettings that names the presets there are */
export function presetLayers(name: string): PresetLayer[] {
  const names = presetNames();
  if (!names.includes(name)) {
    throw new InvalidSettings([{ path: 'preset', value: name, legal: `one of ${names.join(', ')}` }]);
  }
  return layersOf(name);
}

function layersOf(file: string): PresetLayer[] {
  const { extends: base, settings } = readPresetFile(file);
  return [...(base === undefined ? [] : layersOf(base)), { file, settings }];
}

function readPresetFile(file: string): PresetFile {
  const content = parseYaml(readFileSync(join(PRESETS, `${file}.yaml`), 'utf8')) as Omit<PresetFile, 'settings'> &
    Plain;
  const { description, extends: base, ...settings } = content;
  return { description, extends: base, settings };
}
