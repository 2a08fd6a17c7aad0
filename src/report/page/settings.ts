import { isDeepStrictEqual } from 'node:util';
import { presetNames } from '../../config/preset-files';
import { resolveSpec } from '../../config/resolve-spec';
import { leaves } from '../../config/setting-paths';
import { html, type Html } from './html';

type Settings = ReadonlyMap<string, unknown>;

/** A run's settings held against the preset that they are nearest to. */
export interface ComparedSettings {
  preset: string;
  /** Those that the preset has otherwise, or does not have. */
  changed: { path: string; value: unknown; preset: unknown }[];
  same: { path: string; value: unknown }[];
}

/** A run does not keep which preset it began from: the one that fewest settings differ from stands for it. */
export function compareSettings(settings: object): ComparedSettings {
  const own = leaves(settings);
  const compared = presetNames().map((preset) =>
    compare(own, preset, new Map(leaves(plain(resolveSpec({ preset }).spec)))),
  );
  return compared.reduce((nearest, it) => (it.changed.length < nearest.changed.length ? it : nearest));
}

const plain = (value: object): object => JSON.parse(JSON.stringify(value)) as object;

function compare(own: readonly [string, unknown][], preset: string, values: Settings): ComparedSettings {
  const isSame = ([path, value]: [string, unknown]): boolean => isDeepStrictEqual(value, values.get(path));
  return {
    preset,
    changed: own.filter((it) => !isSame(it)).map(([path, value]) => ({ path, value, preset: values.get(path) })),
    same: own.filter(isSame).map(([path, value]) => ({ path, value })),
  };
}

export function settingsSection(settings: object): Html {
  const { preset, changed, same } = compareSettings(settings);
  return html`<section>
    <h2>Settings</h2>
    ${
      changed.length === 0
        ? html`<p>Those of the preset <code>${preset}</code>.</p>`
        : html`<p>Those that differ from the preset <code>${preset}</code>, the nearest one:</p>
            <table>
              <thead>
                <tr>
                  <th>setting</th>
                  <th>this run</th>
                  <th>preset</th>
                </tr>
              </thead>
              <tbody>
                ${changed.map(
                  (it) =>
                    html`<tr>
                      <td><code>${it.path}</code></td>
                      <td><code>${valueText(it.value)}</code></td>
                      <td><code>${valueText(it.preset)}</code></td>
                    </tr>`,
                )}
              </tbody>
            </table>`
    }
    <details>
      <summary>${same.length} settings as in the preset</summary>
      <table>
        <tbody>
          ${same.map(
            ({ path, value }) =>
              html`<tr>
                <td><code>${path}</code></td>
                <td><code>${valueText(value)}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`;
}

const valueText = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value));
