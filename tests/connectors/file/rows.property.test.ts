import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { START, type Row, type RowPosition } from '../../../connectors/file/rows';
import { withTable } from '../../../connectors/file/table';
import { anySignal, csvText, temporaryFolder } from './support';

const folder = temporaryFolder();

async function rowsFrom(path: string, from: RowPosition): Promise<readonly Row[]> {
  return withTable(path, anySignal(), async (table) => {
    const rows: Row[] = [];
    for await (const row of table.rows(from, anySignal())) rows.push(row);
    return rows;
  });
}

/** Reads everything at once, then again from every row on: the same rows, each on the same line. */
async function expectRows(path: string, expected: readonly object[]): Promise<void> {
  const rows = await rowsFrom(path, START);
  expect(rows.map(({ values }) => values)).toEqual(expected);
  for (const [n, { start }] of rows.entries()) expect(await rowsFrom(path, start)).toEqual(rows.slice(n));
}

const wellFormed = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/[\0\uFFFD]|\p{Surrogate}/gu, ''));
const cell = fc.oneof(
  wellFormed,
  fc.constantFrom(
    '',
    '"',
    '""',
    'a,b',
    'x;y',
    'p\tq',
    'line\nbreak',
    'two\r\nbreaks\r\n',
    ' blank ',
    'é'.repeat(9),
    '𠮷',
    '"q"'
  )
);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
const form = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  newline: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
  mark: fc.boolean(),
  lastNewline: fc.boolean(),
});

describe('rows of a CSV file', () => {
  it('read back as they were written, from the start and from any row on', async () => {
    const path = join(folder, 'any.csv');
    let resumed = 0;
    await fc.assert(
      fc.asyncProperty(table, form, async (rows, { mark, lastNewline, ...style }) => {
        const columns = Array.from({ length: rows[0]?.length ?? 2 }, (_, n) => `column ${n + 1}`);
        const text = csvText([columns, ...rows], style);
        writeFileSync(path, (mark ? '\uFEFF' : '') + (lastNewline ? text : text.slice(0, -style.newline.length)));
        await expectRows(
          path,
          rows.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n] ?? ''])))
        );
        resumed += rows.length;
      }),
      { numRuns: 150 }
    );
    expect(resumed).toBeGreaterThan(100);
  });

  it('name the line on which they begin, whatever stands between and within them', async () => {
    const path = join(folder, 'lines.csv');
    writeFileSync(path, 'id,text\r\n\r\n1,"a\r\nb\nc"\r\n\r\n\r\n2,x\r\n3,"\n"\n4,y');
    const rows = await rowsFrom(path, START);
    expect(rows.map(({ line, values }) => [values['id'], line])).toEqual([
      ['1', 3],
      ['2', 8],
      ['3', 9],
      ['4', 11],
    ]);
    for (const [n, { start }] of rows.entries()) expect(await rowsFrom(path, start)).toEqual(rows.slice(n));
  });

  it('read the same across the borders of the chunks in which a file is read', async () => {
    const path = join(folder, 'chunks.csv');
    const rows = Array.from({ length: 60 }, (_, n) => [String(n), 'ж"\r\n'.repeat(700 + n), '漢'.repeat(n)]);
    writeFileSync(path, csvText([['id', 'long', 'more'], ...rows], { newline: '\r\n' }));
    await expectRows(
      path,
      rows.map(([id, long, more]) => ({ id, long, more }))
    );
  });
});

describe('rows of a JSON file', () => {
  const key = fc.oneof(wellFormed, fc.constantFrom('id', '__proto__', 'a.b', '$x', ''));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      wellFormed,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 3 })
    ),
  })).any;
  const objects = fc.array(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), { maxLength: 8 });

  it('read back as they were written, from the start and from any object on', async () => {
    const path = join(folder, 'any.json');
    await fc.assert(
      fc.asyncProperty(objects, fc.constantFrom(undefined, 1, '\t'), fc.boolean(), async (written, indent, mark) => {
        const text = JSON.stringify(written, null, indent);
        writeFileSync(path, (mark ? '\uFEFF' : '') + text);
        await expectRows(path, JSON.parse(text) as object[]);
      }),
      { numRuns: 150 }
    );
  });

  it('read the same across the borders of the chunks in which a file is read', async () => {
    const path = join(folder, 'chunks.json');
    const rows = Array.from({ length: 60 }, (_, n) => ({
      id: n,
      long: '漢"\\{[}]\n'.repeat(300 + n),
      deep: [{ a: ['}'] }],
    }));
    writeFileSync(path, JSON.stringify(rows, null, 2));
    await expectRows(path, rows);
  });

  it('name the line on which they begin', async () => {
    const path = join(folder, 'lines.json');
    writeFileSync(path, '\n[\n{"id": 1,\n"a": 2}\n,\n\n{"id": 2}, {"id": 3}\n]\n');
    const rows = await rowsFrom(path, START);
    expect(rows.map(({ line }) => line)).toEqual([3, 7, 7]);
    for (const [n, { start }] of rows.entries()) expect(await rowsFrom(path, start)).toEqual(rows.slice(n));
  });
});
