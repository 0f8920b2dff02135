import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULTS } from '../../config/defaults';
import { GATE_KINDS } from '../../domain/operation';

const ROOT = join(__dirname, '..', '..');
const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const filesOf = (folder: string): string[] => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

describe('docs', () => {
  it.each(pages)('%s links to pages that are there', (page) => {
    const links = all(read(page), /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });

  it.each(pages)('%s names files that are there', (page) => {
    const folders =
      'domain|config|telemetry|workflows|activities|connectors|targets|store|api|workers|cli|scripts|tests';
    const named = all(read(page), new RegExp(`(?<![\\w./{])((?:${folders})/[\\w./-]+\\.(?:ts|mjs))`, 'g'));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');

  it('lists every collection of the store', () => {
    const data = text.slice(text.indexOf('## Data'), text.indexOf('## HTTP'));
    const shown = all(data, /^\| `(\w+)`/gm);
    const built = filesOf('store').flatMap((file) => all(read(file), /collection: '(\w+)'/g));
    expect(unique(shown)).toEqual(unique(built));
  });

  it('lists every environment variable that is read', () => {
    const built = all(read('config/environment.ts'), /env, '([A-Z_]+)'/g);
    expect(built.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('lists every activity of a run', () => {
    const workflow = read('workflows/syncRunWorkflow.ts');
    const called = all(workflow, /const \{([^}]+)\} = (?:bulk|closing)Activities\(/g).flatMap((names) =>
      names.split(',')
    );
    expect(called.map((name) => name.trim()).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('lists every update of a connector', () => {
    const updates = all(read('workflows/messages.ts'), /defineUpdate<[^(]+\('(\w+)'\)/g);
    expect(updates.length).toBeGreaterThan(0);
    expect(updates.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/safety.md', () => {
  const rows = read('docs/safety.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each(GATE_KINDS)('shows the default limits of %s', (kind) => {
    const row = rows.find((cells) => cells[1] === `\`${kind}\``);
    expect(row).toBeDefined();
    if (kind === 'groupLoss' || kind === 'sensitive') return;
    const { floor, percent, ceiling } = DEFAULTS.safety.limits[kind];
    expect(row!.slice(3, 6)).toEqual([floor, percent, ceiling].map((n) => n.toLocaleString('en-US')));
  });
});
