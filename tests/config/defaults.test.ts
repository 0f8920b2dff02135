import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULTS } from '../../config/defaults';
import { connectorDocument } from '../../config/document';
import { UNBUILT } from '../../config/unbuilt';
import { connector, schema } from './support';

const text = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
const [, block = ''] = /a test compares them with the schema -->\s+```yaml\n([\s\S]*?)```/.exec(text) ?? [];
const documented = parse(block) as Record<string, unknown>;

/** Every path of keys of a tree of sections; lists and scalars are leaves. */
function paths(tree: unknown, prefix = ''): readonly string[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return [prefix];
  const entries = Object.entries(tree);
  return entries.length === 0 ? [prefix] : entries.flatMap(([key, value]) => paths(value, `${prefix}.${key}`));
}

describe('docs/configuration.md', () => {
  it('shows the defaults as they are', () => {
    expect(schema.parseConnector(documented)).toEqual(schema.parseConnector(connector()));
  });

  it('shows every key there is', () => {
    const { mapping, name, source, ...settings } = connectorDocument(schema.parseConnector(connector()));
    expect([mapping, name, source]).not.toContain(undefined);
    const shown = new Set(paths(documented));
    expect(paths(settings).filter((path) => !shown.has(path))).toEqual([]);
    expect(Object.keys(UNBUILT.connector).filter((key) => !(key in documented))).toEqual([]);
  });

  it('shows the defaults of targets and settings', () => {
    expect(text).toContain(`concurrency: ${DEFAULTS.targetConcurrency} #`);
    expect(text).toContain(`retention: { runs: ${DEFAULTS.retention.runs}, days: ${DEFAULTS.retention.days} }`);
  });
});
