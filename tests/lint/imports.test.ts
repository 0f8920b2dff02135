import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface LintedFixture {
  /** folder/case */
  readonly name: string;
  readonly rule: string | null;
  /** Lines whose import is fine there. */
  readonly allowed: readonly number[];
  /** Lines that the rule must report. */
  readonly forbidden: readonly number[];
  readonly found: readonly { readonly rule: string; readonly line: number }[];
}

const ROOT = join(__dirname, '..', '..');
const FIXTURES = join(ROOT, 'tests', 'fixtures', 'imports');
const LINT_LIMIT_MS = 50_000;

/** Nobody may import these; the other folders are those that have fixtures of their own. */
const NEVER_IMPORTED = ['tests', 'bench', 'scripts'];
/** What each folder may import as values (docs/architecture.md, "Folders"): no fixture shows it as forbidden. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  config: ['domain'],
  telemetry: [],
  workflows: ['domain'],
  connectors: ['domain', 'config', 'telemetry'],
  targets: ['domain', 'config', 'telemetry'],
  store: ['domain', 'config', 'telemetry'],
  activities: ['domain', 'config', 'connectors', 'targets', 'store', 'telemetry'],
  api: ['domain', 'config', 'store', 'telemetry'],
  workers: ['domain', 'config', 'telemetry', 'workflows', 'activities', 'connectors', 'targets', 'store'],
  embedded: ['config', 'telemetry'],
  simulators: [],
  cli: [],
};
/** Pairs of which types may be imported: their fixture has a name of its own. */
const TYPES_ONLY: Readonly<Record<string, string>> = {
  'workflows/activities': 'workflows/activities-values',
  'cli/api': 'cli/api-values',
};

/** Made by tools, or built apart. */
const WITHOUT_RULES = ['console', 'coverage', 'data', 'dist', 'node_modules'];

const holdsCode = (folder: string): boolean =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.ts'));

const folders = readdirSync(FIXTURES).sort();
const names = folders.flatMap((folder) =>
  readdirSync(join(FIXTURES, folder)).map((file) => `${folder}/${file.replace(/\.ts$/, '')}`)
);

describe('imports between folders', () => {
  let results: ReadonlyMap<string, LintedFixture>;

  beforeAll(() => {
    const output = execFileSync(process.execPath, [join(__dirname, 'lint-fixtures.mjs')], { cwd: ROOT });
    const linted = JSON.parse(output.toString('utf8')) as LintedFixture[];
    results = new Map(linted.map((fixture) => [fixture.name, fixture]));
  }, LINT_LIMIT_MS);

  it.each(names)('reports exactly what is forbidden in %s', (name) => {
    const { rule, allowed, forbidden, found } = results.get(name)!;
    expect(rule).not.toBeNull();
    expect(allowed).not.toHaveLength(0);
    expect(forbidden).not.toHaveLength(0);
    expect(found).toEqual(forbidden.map((line) => ({ rule, line })));
  });

  it('has rules and fixtures for every folder of code', () => {
    expect(folders).toEqual(Object.keys(ALLOWED).sort());
    const others = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .filter((name) => ![...folders, ...NEVER_IMPORTED, ...WITHOUT_RULES].includes(name));
    expect(others.filter(holdsCode)).toEqual([]);
  });

  it.each(Object.entries(ALLOWED))('has a fixture for everything that %s/ must not import', (folder, allowed) => {
    const others = [...Object.keys(ALLOWED), ...NEVER_IMPORTED].filter((other) => other !== folder);
    const forbidden = others.filter((other) => !allowed.includes(other));
    const wanted = forbidden.map((other) => TYPES_ONLY[`${folder}/${other}`] ?? `${folder}/${other}`);
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  });
});
