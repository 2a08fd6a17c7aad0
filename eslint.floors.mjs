/**
 * The floors of `src/`: which folders a folder may import from, and of which it may see the types alone. A folder that
 * is not listed stands on top and may import anything.
 */
import { dirname, relative, resolve, sep } from 'node:path';

const SRC = resolve(import.meta.dirname, 'src');
const adapter = { imports: ['config', 'domain', 'generated'], types: ['runs', 'selfplay', 'verifier'] };

const FLOORS = {
  domain: { imports: [], types: [], packages: ['node:crypto'] },
  config: { imports: ['domain'], types: [] },
  verifier: { imports: ['domain'], types: ['config'] },
  selfplay: { imports: ['domain', 'verifier'], types: ['config'] },
  'task-files': { imports: ['config', 'domain'], types: ['selfplay'] },
  evaluation: { imports: ['config', 'domain', 'task-files', 'verifier'], types: ['selfplay'] },
  'task-validation': {
    imports: ['config', 'domain', 'evaluation', 'selfplay', 'task-files', 'verifier'],
    types: [],
  },
  runs: { imports: ['config', 'domain'], types: ['selfplay'] },
  report: { imports: ['config', 'domain', 'task-files', 'telemetry'], types: ['runs', 'selfplay'] },
  embedded: adapter,
  executor: adapter,
  rollout: adapter,
  store: { ...adapter, types: [...adapter.types, 'report'] },
  trainer: adapter,
};

/** First folder below `src/`; undefined for a file that lies in `src/` itself or outside it. */
function floorOf(file) {
  const [first, ...rest] = relative(SRC, file).split(sep);
  return first === '..' || rest.length === 0 ? undefined : first;
}

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  node.exportKind === 'type' ||
  (node.specifiers?.length > 0 && node.specifiers.every(({ importKind }) => importKind === 'type'));

/** What is wrong with `node` importing `source` in `file`, or undefined. */
function objection(file, source, node) {
  const own = floorOf(file);
  const floor = FLOORS[own];
  if (!floor) return undefined;
  if (!source.startsWith('.')) {
    const allowed = floor.packages?.includes(source) ?? true;
    return allowed ? undefined : `${own} imports no package but ${floor.packages.join(', ')}`;
  }
  const other = floorOf(resolve(dirname(file), source)) ?? source;
  if (other === own || floor.imports.includes(other)) return undefined;
  if (floor.types.includes(other)) return isTypeOnly(node) ? undefined : `${own} sees only the types of ${other}`;
  return `${own} may not import ${other}`;
}

/** ESLint rule that holds every import against the floors. */
export const floors = {
  meta: { type: 'problem', schema: [], messages: { floor: '{{ objection }}' } },
  create(context) {
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      const found = objection(context.filename, source, node);
      if (found) context.report({ node, messageId: 'floor', data: { objection: found } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      TSImportType: (node) => check({ source: node.source ?? node.argument?.literal, importKind: 'type', ...at(node) }),
    };
  },
};

const at = ({ loc, range, type }) => ({ loc, range, type });
