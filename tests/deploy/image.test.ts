import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, read } from './support';

const lines = read('Dockerfile')
  .replace(/\\\n/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const stages = lines.join('\n').split(/^(?=FROM )/m);
const last = stages.at(-1) ?? '';

describe('Dockerfile', () => {
  it('has three stages on one exact version of Node that package.json accepts', () => {
    const images = stages.map((stage) => /^FROM (\S+)/.exec(stage)?.[1]);
    expect(images).toHaveLength(3);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:(20|22)\.\d+\.\d+-bookworm-slim$/);
  });

  it('installs what the lockfile says and runs no script of a package', () => {
    const installs = lines.filter((line) => line.includes('npm '));
    expect(installs.filter((line) => line.includes('npm install'))).toEqual([]);
    const clean = installs.filter((line) => line.includes('npm ci'));
    expect(clean).toHaveLength(2);
    for (const line of clean) expect(line).toContain('--ignore-scripts');
  });

  it('ends with dependencies of production and what was built, nothing else', () => {
    expect(stages[1]).toContain('npm ci --omit=dev');
    expect(last.split('\n').filter((line) => line.startsWith('COPY'))).toEqual([
      'COPY package.json LICENSE ./',
      'COPY --from=dependencies /app/node_modules ./node_modules',
      'COPY --from=build /app/dist ./dist',
      'COPY deploy/health ./deploy/health',
    ]);
    expect(last).not.toContain('RUN');
  });

  it('bundles the workflows when it is built', () => {
    expect(stages[0]).toContain('npm run build');
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scripts['build']).toContain('bundle-workflows');
  });

  it('runs as a user that is not root and owns nothing in the image', () => {
    expect(last).toContain('USER 1000:1000');
    expect(lines.filter((line) => line.includes('--chown'))).toEqual([]);
  });

  it('tells whether it is well', () => {
    expect(last).toMatch(/HEALTHCHECK .*CMD \["node", "deploy\/health\/api\.mjs"\]/);
  });

  it('holds no secret', () => {
    expect(lines.filter((line) => /^(ARG|ENV) .*(PASSWORD|TOKEN|SECRET|KEY)/.test(line))).toEqual([]);
  });
});

describe('.dockerignore', () => {
  const rules = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('sends nothing that is not named, so that no data folder, secret or history gets into an image', () => {
    expect(rules[0]).toBe('*');
    expect(rules.slice(1).every((rule) => rule.startsWith('!'))).toBe(true);
    const sent = rules.slice(1).map((rule) => rule.slice(1));
    const kept = ['.env', '.git', 'data', 'dist', 'node_modules', 'tests', 'bench', 'deploy'];
    expect(sent.filter((name) => kept.includes(name))).toEqual([]);
  });

  it('sends every folder with sources of the program, and the files that the Dockerfile and the build read', () => {
    const others = ['node_modules', 'dist', 'data', 'coverage', 'tests', 'bench', 'deploy'];
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !others.includes(entry.name))
      .filter(({ name }) =>
        readdirSync(join(ROOT, name), { recursive: true }).some((file) => /\.(ts|mjs)$/.test(String(file)))
      )
      .map(({ name }) => name);
    const files = ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'tsconfig.json', 'tsconfig.build.json'];
    expect(rules.slice(1).sort()).toEqual([...folders, ...files, 'deploy/health'].map((name) => `!${name}`).sort());
  });
});
