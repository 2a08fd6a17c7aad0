import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { parse as parseYaml } from 'yaml';
import { AzrError, InvalidSettings, messageOf, type SettingProblem } from '../domain/errors';
import { RunSpec } from './run-spec';

type Plain = Record<string, unknown>;

/** Where settings come from; later ones win. */
export interface SpecSources {
  preset: string;
  /** YAML file with some settings. */
  configFile?: string;
  /** `path=value`, the value as YAML. */
  sets?: readonly string[];
}

/** Settings that someone named, as paths with their values; the preset's own are not among them. */
export type NamedSettings = Map<string, unknown>;

const PRESETS = join(__dirname, 'presets');

export const presetNames = (): string[] =>
  readdirSync(PRESETS)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/**
 * The run that the sources describe.
 * @throws InvalidSettings with every setting that is unknown or ill-typed
 */
export function resolveSpec(sources: SpecSources): { spec: RunSpec; named: NamedSettings } {
  const named: NamedSettings = new Map();
  for (const [path, value] of leaves(readConfigFile(sources.configFile))) named.set(path, absolute(path, value));
  for (const [prefix, given] of (sources.sets ?? []).map(parseSet)) {
    for (const [path, value] of leaves(given, prefix)) named.set(path, absolute(path, value));
  }
  const plain = readPreset(sources.preset);
  for (const [path, value] of named) assign(plain, path, value);
  return { spec: validateSpec(plain), named };
}

/** Checks a whole spec, such as one that was stored. */
export function validateSpec(plain: Plain): RunSpec {
  const spec = plainToInstance(RunSpec, plain);
  const problems = validateSync(spec, { whitelist: true, forbidNonWhitelisted: true }).flatMap(describe(''));
  if (problems.length > 0) throw new InvalidSettings(problems);
  return spec;
}

/** Every leaf of a settings object with its dotted path; lists are leaves. */
export function leaves(value: unknown, prefix = ''): [path: string, value: unknown][] {
  if (!isPlain(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, prefix === '' ? key : `${prefix}.${key}`));
}

/** Settings that name files; a run may go on from another working folder. */
const PATHS = ['policy.dir', 'curriculum.seedTasks', 'evaluation.tasks'];

const absolute = (path: string, value: unknown): unknown =>
  PATHS.includes(path) && typeof value === 'string' && value !== 'shipped' ? resolve(value) : value;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readPreset(name: string): Plain {
  const names = presetNames();
  if (!names.includes(name)) {
    throw new InvalidSettings([{ path: 'preset', value: name, legal: `one of ${names.join(', ')}` }]);
  }
  return parseYaml(readFileSync(join(PRESETS, `${name}.yaml`), 'utf8')) as Plain;
}

function readConfigFile(file: string | undefined): Plain {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new AzrError('invalid', `--config ${file}: there is no such file`);
  try {
    const settings: unknown = parseYaml(readFileSync(file, 'utf8')) ?? {};
    if (!isPlain(settings)) throw new Error('it must be a mapping of settings');
    return settings;
  } catch (error) {
    throw new AzrError('invalid', `--config ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function parseSet(text: string): [path: string, value: unknown] {
  const at = text.indexOf('=');
  const path = text.slice(0, at);
  if (at < 1 || !/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(path)) {
    throw new InvalidSettings([
      { path: '--set', value: text, legal: 'write path=value, as in update.learningRate=1e-4' },
    ]);
  }
  try {
    return [path, parseYaml(text.slice(at + 1))];
  } catch {
    throw new InvalidSettings([{ path, value: text.slice(at + 1), legal: 'the value must be YAML' }]);
  }
}

function assign(target: Plain, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = target;
  for (const key of keys) {
    if (!Object.hasOwn(at, key) || !isPlain(at[key])) at[key] = {};
    at = at[key] as Plain;
  }
  at[last] = value;
}

/** One problem for each setting that is wrong, its legal values in class-validator's words. */
const describe =
  (prefix: string) =>
  ({ property, value, constraints, children }: ValidationError): SettingProblem[] => {
    const path = `${prefix}${property}`;
    const inner = (children ?? []).flatMap(describe(`${path}.`));
    if (!constraints || inner.length > 0) return inner;
    const legal = constraints['whitelistValidation']
      ? 'there is no such setting'
      : Object.values(constraints).join(', ');
    return [{ path, value, legal }];
  };
