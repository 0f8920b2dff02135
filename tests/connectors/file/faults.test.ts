import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FILE_PRESET } from '../../../connectors/file/definition';
import { anySignal, csvText, providerOf, refusal, temporaryFolder, type Files } from './support';

const folder = temporaryFolder();

const usersRefusal = (files: Files) => refusal(providerOf(folder, files).listUsers(null, anySignal()));
const dataError = (message: string) => ({ kind: 'data', message });

describe('a file that cannot be opened', () => {
  it('is a matter of configuration when it is not there, by its name without its folder', async () => {
    expect(await refusal(providerOf(join(folder, 'none'), {}).listUsers(null, anySignal()))).toEqual({
      kind: 'configuration',
      message: 'file users.csv does not exist or is not readable',
    });
  });

  it('is a matter of configuration when it is a folder', async () => {
    mkdirSync(join(folder, 'sub', 'users.csv'), { recursive: true });
    expect((await refusal(providerOf(join(folder, 'sub'), {}).listUsers(null, anySignal()))).kind).toBe(
      'configuration'
    );
  });
});

describe('a CSV file of users is refused', () => {
  it.each([
    ['', 'users.csv is empty: it needs a first line with the names of the columns'],
    ['\n\n', 'users.csv is empty: it needs a first line with the names of the columns'],
    ['ID,username\n1,a\n', 'users.csv has no column id; columns found: ID, username'],
    [
      'id,login\n1,a\n',
      'users.csv has no column for the username: username or email; columns found: id, login (name the column under mapping.username.source)',
    ],
    [
      '1001,amara@example.com\n1002,bjorn@example.com\n',
      'users.csv has no column id; its first line does not look like names of columns (is the header missing?)',
    ],
    ['id,username,\n1,a,\n', 'users.csv line 1: column 3 has no name'],
    ['\nid,username,id\n', 'users.csv line 2: columns 1 and 3 have the same name'],
    ['id,username\n1,a\n ,b\n', 'users.csv line 3: id is empty'],
    [
      'id,username\n1,a\n2\n',
      'users.csv line 3: 1 fields where the header has 2 columns (is the file cut off, or a delimiter not quoted?)',
    ],
    [
      'id,username\n1,a,b\n',
      'users.csv line 2: 3 fields where the header has 2 columns (is the file cut off, or a delimiter not quoted?)',
    ],
    [
      'id,username\n1,"a\nb"\n\n2,"c\nd',
      'users.csv line 5: a quoted field that begins in this row is never closed (is the file cut off?)',
    ],
    [
      'id,username\n1,"a"b\n',
      'users.csv line 2: a quoted field of this row goes on after its closing quote (a quote within must be doubled)',
    ],
    [
      'id,username\n1,a "b"\n',
      'users.csv line 2: a quote stands within a field that is not quoted (quote the field and double the quote)',
    ],
    ['id,username,active\n1,a,true\n2,b,\n', 'users.csv line 3: active must be one of true, 1, yes, false, 0, no'],
    ['id,username,active\n1,a,maybe\n', 'users.csv line 2: active must be one of true, 1, yes, false, 0, no'],
    ['id,username\n1,a\0b\n', 'users.csv line 2: not valid UTF-8 text (save the file as UTF-8)'],
  ])('%j', async (text, message) => {
    expect(await usersRefusal({ 'users.csv': text })).toEqual(dataError(message));
  });

  it('when it is not UTF-8', async () => {
    const latin = Buffer.from('id,username\n1,a\n2,Bj\u00f6rn\n', 'latin1');
    expect(await usersRefusal({ 'users.csv': latin })).toEqual(
      dataError('users.csv line 3: not valid UTF-8 text (save the file as UTF-8)')
    );
    const utf16 = Buffer.from('\uFEFFid,username\n', 'utf16le');
    expect((await usersRefusal({ 'users.csv': utf16 })).message).toBe(
      'users.csv is UTF-16 text: save the file as UTF-8'
    );
  });

  it('when it is a spreadsheet under another name', async () => {
    expect((await usersRefusal({ 'users.csv': 'PK\u0003\u0004\u0014' })).message).toContain('save the sheet as CSV');
  });

  it('when a row is longer than memory should hold', async () => {
    const text = `id,username\n1,a\n2,"${'never closed\n'.repeat(200_000)}`;
    expect((await usersRefusal({ 'users.csv': text })).message).toBe(
      'users.csv line 3: the row that begins here is longer than 1024 KiB (is a closing quote missing?)'
    );
  });

  it('when the columns of the mapping of the connector are missing', async () => {
    const login = { ...FILE_PRESET, username: { ...FILE_PRESET.username, source: 'login', fallback: ['upn'] } };
    const files = { 'users.csv': 'id,username\n1,a\n' };
    expect((await refusal(providerOf(folder, files, login).listUsers(null, anySignal()))).message).toContain(
      'login or upn; columns found: id, username'
    );
    const byId = { ...FILE_PRESET, username: { ...FILE_PRESET.username, source: 'externalId', fallback: [] } };
    expect((await providerOf(folder, files, byId).listUsers(null, anySignal())).items).toHaveLength(1);
  });
});

describe('a JSON file of users is refused', () => {
  it.each([
    ['', 'users.json line 1: is empty: it needs a JSON list of objects'],
    ['{"id": 1}', 'users.json line 1: not a JSON list: the file must begin with [ and hold objects'],
    ['[\n1]', 'users.json line 2: every entry of the list must be an object that begins with {'],
    ['[{"id":"1"},\n]', 'users.json line 2: every entry of the list must be an object that begins with {'],
    ['[{"id":"1"}\n{"id":"2"}]', 'users.json line 2: a comma or the closing ] is missing after an object'],
    ['[{"id":"1"}]\n\n[]', 'users.json line 3: something follows the end of the list'],
    ['[{"id":"1"}\n,\n{"id":', 'users.json line 3: the list is not closed (is the file cut off?)'],
    ['[{"id":"1"}\n', 'users.json line 2: the list is not closed (is the file cut off?)'],
    ['[{"id":"1"},\n  {"id":"2",\n   "a": hunter2}]', 'users.json line 3, column 9: not valid JSON'],
    ['[{"id":"1"}, {"a" 1}]', 'users.json line 1, column 19: not valid JSON'],
    ['[{"username":"a"}]', 'users.json line 1: has no id'],
    ['[{"id":""}]', 'users.json line 1: id is empty'],
    ['[{"id":null}]', 'users.json line 1: id must be a text'],
    ['[{"id":["1"]}]', 'users.json line 1: id must be a text'],
    ['[{"id":1.5}]', 'users.json line 1: id is a number that is not whole or not exact: write it in quotes'],
    [
      '[{"id":9007199254740993}]',
      'users.json line 1: id is a number that is not whole or not exact: write it in quotes',
    ],
    ['[{"id":"1","active":null}]', 'users.json line 1: active must be one of true, 1, yes, false, 0, no'],
    ['[{"id":"1","active":{}}]', 'users.json line 1: active must be one of true, 1, yes, false, 0, no'],
    ['[{"id":"\\ud800"}]', 'users.json line 1: a text holds a broken character'],
    ['[{"id":"1","a":{"b":["\\u0000"]}}]', 'users.json line 1: a text holds a broken character'],
  ])('%j', async (text, message) => {
    expect(await usersRefusal({ 'users.json': text })).toEqual(dataError(message));
  });

  it('when it is nested too deep, too long or not UTF-8', async () => {
    const deep = `[{"id":"1","a":${'['.repeat(100_000)}`;
    expect((await usersRefusal({ 'users.json': deep })).message).toContain('nested deeper than 32 levels');
    const long = `[\n{"id":"1","a":"${'x'.repeat(1_200_000)}"}]`;
    expect((await usersRefusal({ 'users.json': long })).message).toContain(
      'line 2: the object that begins here is longer'
    );
    const latin = Buffer.from('[{"id":"1"},\n{"id":"Bj\u00f6rn"}]', 'latin1');
    expect((await usersRefusal({ 'users.json': latin })).message).toContain('line 2: not valid UTF-8');
  });

  it.each([
    ['[{"id":"1","groups":[1]}]', 'users.json line 1: groups must hold texts only'],
    ['[{"id":"1","groups":{"a":1}}]', 'users.json line 1: groups must be a text with ; between or a list'],
  ])('for its memberships: %j', async (text, message) => {
    const provider = providerOf(folder, { 'users.json': text });
    expect(await refusal(provider.listMemberships(null, anySignal()))).toEqual(dataError(message));
    expect(await refusal(provider.listGroups(null, anySignal()))).toEqual(dataError(message));
  });
});

describe('files of groups and memberships are refused', () => {
  const users = { 'users.csv': 'id,username\n1,a\n' };

  it.each([
    ['id\n1\n', 'groups.csv has no column name; columns found: id'],
    ['id,name\n1, \n', 'groups.csv line 2: name is empty'],
  ])('groups %j', async (text, message) => {
    const provider = providerOf(folder, { ...users, 'groups.csv': text });
    expect(await refusal(provider.listGroups(null, anySignal()))).toEqual(dataError(message));
  });

  it.each([
    ['members,of\n1,2\n', 'memberships.csv has no columns group, user; columns found: members, of'],
    ['group,user\ng,\n', 'memberships.csv line 2: user is empty'],
  ])('memberships %j', async (text, message) => {
    const provider = providerOf(folder, { ...users, 'memberships.csv': text });
    expect(await refusal(provider.listMemberships(null, anySignal()))).toEqual(dataError(message));
  });
});

describe('a file that is cut off', () => {
  it('is never a shorter list: JSON, cut anywhere', async () => {
    const text = '\uFEFF[ {"id": "1", "a": "x\\"]}" },\n{"id":"2","b":[{}]} ]';
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length += 1) {
      expect((await usersRefusal({ 'users.json': bytes.subarray(0, length) })).kind).toBe('data');
    }
  });

  it('is never a shorter list: CSV with all fields quoted, cut within a row', async () => {
    const rows = [
      ['id', 'username', 'note'],
      ['1', 'a', 'x "y"\n'],
      ['2', 'b', 'ж,;'],
    ];
    const bytes = Buffer.from(csvText(rows, { quoteAll: true }));
    const lastRow = bytes.indexOf('"2"');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: lastRow + 1, max: bytes.length - 2 }), async (length) => {
        writeFileSync(join(folder, 'users.csv'), bytes.subarray(0, length));
        const listing = providerOf(folder, { 'users.csv': bytes.subarray(0, length) }).listUsers(null, anySignal());
        const outcome = await listing.then(({ items }) => items.length).catch(() => 'refused' as const);
        expect(outcome === 'refused' || outcome === 2).toBe(true);
      })
    );
  });
});

describe('messages', () => {
  it('hold nothing of what people wrote', async () => {
    const secret = 'hunter2';
    const files: readonly Files[] = [
      { 'users.csv': `id,username\n1,"${secret}"x\n` },
      { 'users.csv': `id,username,active\n1,a,${secret}\n` },
      { 'users.csv': `${secret}@example.com,username\n` },
      { 'users.csv': `id,username\n${secret}\n` },
      { 'users.json': `[{"id": ${secret}}]` },
      { 'users.json': `[{"id": "1", "${secret}": tru}]` },
      { 'users.json': `[{"id": {"${secret}": 1}}]` },
    ];
    for (const each of files) expect(JSON.stringify(await usersRefusal(each))).not.toContain(secret);
  });
});
