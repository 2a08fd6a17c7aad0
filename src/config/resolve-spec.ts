import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AzrError, InvalidSettings, messageOf } from '../domain/errors';
import { isSettingPath, parseSetting, parseSettings } from './parse-setting';
import { presetLayers } from './preset-files';
import type { RunSpec } from './run-spec';
import { assign, isPlain, leaves, type Plain } from './setting-paths';
import { validateSpec } from './validate-spec';

/** Where settings come from; later ones win. */
export interface SpecSources {
  preset: string;
  /** YAML file with some settings. */
  configFile?: string;
  /** `path=value`, the value as YAML. */
  sets?: readonly string[];
  /** Settings that have an option of their own, such as `--seed`. */
  options?: readonly OptionSetting[];
}

export interface OptionSetting {
  /** As it is typed: `--seed`. */
  option: string;
  path: string;
  value: unknown;
}

/** Settings that someone named, as paths with their values; the preset's own are not among them. */
export type NamedSettings = Map<string, unknown>;

/** A run's settings, and how they came about. */
export interface ResolvedSpec {
  spec: RunSpec;
  named: NamedSettings;
  /** Where each setting's value was said: `preset base/azr`, `--config run.yaml`, `--set` or `--seed`, by its path. */
  origins: ReadonlyMap<string, string>;
}

/**
 * The run that the sources describe.
 * @throws InvalidSettings with every setting that is unknown, ill-typed or contradicts another
 */
export function resolveSpec(sources: SpecSources): ResolvedSpec {
  const preset = presetLayers(sources.preset).flatMap(({ file, settings }) => said(`preset ${file}`, settings));
  const given = givenSettings(sources);
  const plain: Plain = {};
  for (const { path, value } of [...preset, ...given]) assign(plain, path, value);
  return {
    spec: validateSpec(plain),
    named: new Map(given.map(({ path, value }) => [path, value])),
    origins: new Map([...preset, ...given].map(({ path, origin }) => [path, origin])),
  };
}

interface Said {
  origin: string;
  path: string;
  value: unknown;
}

const said = (origin: string, value: unknown, prefix = ''): Said[] =>
  leaves(value, prefix).map(([path, leaf]) => ({ origin, path, value: leaf }));

function givenSettings({ configFile, sets = [], options = [] }: SpecSources): Said[] {
  const given = [
    ...(configFile === undefined ? [] : said(`--config ${configFile}`, readConfigFile(configFile))),
    ...sets.map(parseSet).flatMap(([path, value]) => said('--set', value, path)),
    ...options.flatMap(({ option, path, value }) => said(option, value, path)),
  ];
  return given.map((setting) => ({ ...setting, value: absolute(setting.path, setting.value) }));
}

/** Settings that name files, and the words that they may have instead. */
const FILES: Record<string, readonly string[]> = {
  'policy.dir': ['shipped'],
  'curriculum.seeding.tasks': ['shipped', 'none'],
  'evaluation.tasks': ['shipped', 'none'],
  'evaluation.cruxeval': ['none'],
};

/** A run may go on from another working folder. */
function absolute(path: string, value: unknown): unknown {
  const words = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  return words && typeof value === 'string' && !words.includes(value) ? resolve(value) : value;
}

function readConfigFile(file: string): Plain {
  if (!existsSync(file)) throw new AzrError('invalid', `--config ${file}: there is no such file`);
  const refuse = (error: unknown): never => {
    throw new AzrError('invalid', `--config ${file}: ${messageOf(error)}`, { cause: error });
  };
  const settings = parseSettings(readFileSync(file, 'utf8'), refuse) ?? {};
  return isPlain(settings) ? settings : refuse('it must be a mapping of settings');
}

function parseSet(text: string): [path: string, value: unknown] {
  const at = text.indexOf('=');
  const path = text.slice(0, at);
  if (at < 1 || !isSettingPath(path)) {
    throw new InvalidSettings([
      { path: '--set', value: text, legal: 'write path=value, as in update.learningRate=1e-4' },
    ]);
  }
  return [path, parseSetting(path, text.slice(at + 1))];
}
