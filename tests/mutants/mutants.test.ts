import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly test: { readonly path: string; readonly name: string };
}
/** A test's full name begins with the title of its describe block, which stands in the file as it is. */
const TITLE_START = 20;
const ROOT = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const mutants = JSON.parse(read('tests/mutants/mutants.json')) as readonly Mutant[];

/** Runs nothing: only notices at once when a change of the sources leaves a mutant without its place. */
describe('the mutants that scripts/mutants.mjs tries', () => {
  it('have names of their own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it('take out the gate, the sort and the respect for an incomplete read', () => {
    expect(mutants.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gate off', 'sort off', 'incompleteness ignored'])
    );
  });

  it.each(mutants)('$name: the text to replace stands once in $file', ({ file, find, replace }) => {
    expect(read(file).split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });

  it.each(mutants)('$name: the test that has to notice is there', ({ test }) => {
    expect(existsSync(join(ROOT, test.path))).toBe(true);
    expect(read(test.path)).toContain(test.name.slice(0, TITLE_START));
  });
});
