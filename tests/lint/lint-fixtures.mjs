/**
 * Lints the fixtures of the import rules as if each lay in its folder and prints what was found, as JSON. A process of
 * its own, since jest cannot load the configuration, which is an ES module.
 *
 * node tests/lint/lint-fixtures.mjs
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const fixtures = join(root, 'tests', 'fixtures', 'imports');
/** The rules a fixture may name; what else is wrong with it does not matter. */
const RULES = ['layers/imports', 'no-restricted-imports', 'no-restricted-syntax', 'no-restricted-globals'];

const eslint = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });

/** Line numbers (from 1) that end with this remark. */
const marked = (lines, remark) => lines.flatMap((line, index) => (line.endsWith(`// ${remark}`) ? [index + 1] : []));

async function lint(folder, file) {
  const text = readFileSync(join(fixtures, folder, file), 'utf8');
  const lines = text.split('\n');
  const header = (name) => lines.find((line) => line.startsWith(`// ${name}: `))?.slice(name.length + 5);
  const place = header('as') ?? `${folder}/fixture-${file}`;
  const [{ messages }] = await eslint.lintText(text, { filePath: join(root, place) });
  return {
    name: `${folder}/${basename(file, '.ts')}`,
    rule: header('rule') ?? null,
    allowed: marked(lines, 'allowed'),
    forbidden: marked(lines, 'forbidden'),
    found: messages.filter(({ ruleId }) => ruleId === null || RULES.includes(ruleId)).map(toFinding),
  };
}

const toFinding = ({ ruleId, line, message }) => ({ rule: ruleId ?? message, line });

const results = [];
for (const folder of readdirSync(fixtures).sort()) {
  for (const file of readdirSync(join(fixtures, folder)).sort()) results.push(await lint(folder, file));
}
process.stdout.write(JSON.stringify(results));
