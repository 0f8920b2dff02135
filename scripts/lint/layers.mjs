/**
 * Which folder may import what (docs/architecture.md, "Folders"), and the lint rule that enforces it. It follows every
 * way to name a module: import, export from, import(), require() and import types.
 */
import { relative, resolve, sep } from 'node:path';

/**
 * A row allows: `ours` our folders or single modules (without extension), `types` the same for types only, `packages` an
 * exhaustive list of packages where there is one, `temporal` the packages of the Temporal SDK, and Node's own modules
 * unless `node` is false. A folder may always import itself.
 */
export const LAYERS = {
  domain: {
    ours: [],
    packages: ['@marcbachmann/cel-js', '@noble/hashes', 'any-ascii', 'cron-parser', 're2js'],
    node: false,
  },
  config: { ours: ['domain'] },
  telemetry: { ours: [] },
  workflows: { ours: ['domain'], types: ['activities'], packages: [], temporal: ['workflow', 'common'], node: false },
  connectors: { ours: ['domain', 'config', 'telemetry'] },
  targets: { ours: ['domain', 'config', 'telemetry'] },
  store: { ours: ['domain', 'config', 'telemetry'], mongodb: true },
  activities: {
    ours: ['domain', 'config', 'connectors', 'targets', 'store', 'telemetry'],
    temporal: ['activity', 'common'],
  },
  api: { ours: ['domain', 'config', 'store', 'telemetry', 'workflows/messages'], temporal: ['client', 'common'] },
  workers: {
    ours: ['domain', 'config', 'telemetry', 'workflows', 'activities', 'connectors', 'targets', 'store'],
    temporal: ['worker', 'common'],
  },
  embedded: { ours: ['config', 'telemetry'], temporal: ['client'], mongodb: true },
  simulators: { ours: [] },
  cli: { ours: [], types: ['api'] },
};

/** Entry points wire a process together; each may import exactly these beside what its folder may. */
export const ENTRY_POINTS = {
  'api/main.ts': ['connectors/registry'],
  'embedded/main.ts': ['domain', 'connectors/registry', 'store', 'api', 'workers', 'simulators/jira/start'],
};

const MONGODB = /^(mongodb|mongodb-memory-server(-core)?)(\/|$)/;
const TEMPORAL = /^@temporalio\/([^/]+)/;
const NODE = /^node:/;

/** True when one of the allowed folders or modules covers the path. */
const covers = (allowed, path) => allowed.some((one) => path === one || path.startsWith(`${one}/`));

function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What is wrong with an import, as a messageId and its data; null when it is allowed. */
function judgeOwn(file, layer, path, isType) {
  const folder = file.split('/')[0];
  const allowed = [folder, ...layer.ours, ...(ENTRY_POINTS[file] ?? [])];
  const types = layer.types ?? [];
  if (covers(allowed, path) || (isType && covers(types, path))) return null;
  return { messageId: covers(types, path) ? 'typesOnly' : 'folder', data: { folder, path } };
}

function judgePackage(file, layer, specifier) {
  const folder = file.split('/')[0];
  const data = { folder, path: specifier };
  if (NODE.test(specifier)) return layer.node === false ? { messageId: 'node', data } : null;
  const temporal = TEMPORAL.exec(specifier)?.[1];
  if (temporal !== undefined) return (layer.temporal ?? []).includes(temporal) ? null : { messageId: 'package', data };
  if (MONGODB.test(specifier) && layer.mongodb !== true) return { messageId: 'package', data };
  const isListed = layer.packages === undefined || layer.packages.includes(packageName(specifier));
  return isListed ? null : { messageId: 'package', data };
}

function judge(file, specifier, isType, root) {
  const layer = LAYERS[file.split('/')[0]];
  if (!specifier.startsWith('.')) return judgePackage(file, layer, specifier);
  const path = relative(root, resolve(root, file, '..', specifier))
    .split(sep)
    .join('/');
  return judgeOwn(file, layer, path, isType);
}

const onlyTypes = (kind, specifiers, kindOf) =>
  kind === 'type' || (specifiers.length > 0 && specifiers.every((specifier) => kindOf(specifier) === 'type'));

/** The rule `layers/imports`. Options: [{ root }], the absolute path of the checkout. */
export const imports = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { root: { type: 'string' } }, required: ['root'] }],
    messages: {
      folder: '{{folder}}/ must not import {{path}} (docs/architecture.md, "Folders").',
      typesOnly:
        '{{folder}}/ may import types only from {{path}}: write `import type` (docs/architecture.md, "Folders").',
      package: '{{folder}}/ must not import the package {{path}} (docs/architecture.md, "Folders").',
      node: '{{folder}}/ must not import {{path}}: decisions and workflows have no Node modules.',
      computed: 'Name the module as a plain text, so that its folder can be checked.',
    },
  },
  create(context) {
    const [{ root }] = context.options;
    const file = relative(root, context.filename).split(sep).join('/');
    if (!Object.hasOwn(LAYERS, file.split('/')[0])) return {};
    const check = (node, source, isType) => {
      if (source === null || source === undefined) return;
      if (typeof source.value !== 'string') return context.report({ node, messageId: 'computed' });
      const problem = judge(file, source.value, isType, root);
      if (problem !== null) context.report({ node, ...problem });
    };
    return {
      ImportDeclaration: (node) =>
        check(
          node,
          node.source,
          onlyTypes(node.importKind, node.specifiers, (specifier) => specifier.importKind)
        ),
      ExportNamedDeclaration: (node) =>
        check(
          node,
          node.source,
          onlyTypes(node.exportKind, node.specifiers, (specifier) => specifier.exportKind)
        ),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument.literal, true),
      TSExternalModuleReference: (node) => check(node, node.expression, node.parent.importKind === 'type'),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0] ?? {}, false),
      'CallExpression[callee.object.name="require"][callee.property.name="resolve"]': (node) =>
        check(node, node.arguments[0] ?? {}, false),
    };
  },
};
