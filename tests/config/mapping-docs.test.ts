import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { STEP_LIMIT, TEXT_LIMIT } from '../../domain/budget';
import { compileExpression, evaluateExpression } from '../../domain/expression/evaluate';
import { FUNCTIONS, METHODS } from '../../domain/expression/functions';
import { subjectOf } from '../../domain/expression/subject';
import { goldenDifferences } from '../../domain/golden';
import { AVATAR_LENGTH_LIMIT, PROPERTY_LENGTH_LIMIT } from '../../domain/mapping/checks';
import { PLAIN_TRANSFORMS } from '../../domain/mapping-settings';
import { NAMED_TRANSFORMS } from '../../config/transforms';
import { connector, schema } from './support';

const text = readFileSync(join(__dirname, '../../docs/mapping.md'), 'utf8');
const section = (title: string): string => text.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
const named = (part: string): string[] =>
  [...part.replace(/```[^]*?```/g, '').matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.split(/\s+/));
const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => parse(block) as object);

describe('docs/mapping.md', () => {
  it('lists every transform and no other', () => {
    const rows = section('Transforms')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const shown = rows.flatMap((row) => named(row.split('|')[1] ?? ''));
    expect(shown.sort()).toEqual([...PLAIN_TRANSFORMS, ...NAMED_TRANSFORMS].sort());
  });

  it.each([...Object.keys(FUNCTIONS), ...Object.keys(METHODS)])('names %s', (name) => {
    expect(named(section('Expressions'))).toContain(name);
  });

  it('has no function that is not there', () => {
    const [, list = ''] = /^- Functions as in Entra([^]*?)^- /m.exec(text) ?? [];
    const listed = named(list).filter((name) => /^[A-Z]\w+$/.test(name));
    expect(listed.length).toBeGreaterThan(40);
    expect(listed.filter((name) => !(name in FUNCTIONS))).toEqual([]);
  });

  it('says the bounds as they are', () => {
    for (const limit of [STEP_LIMIT, TEXT_LIMIT, PROPERTY_LENGTH_LIMIT]) {
      expect(text).toContain(limit.toLocaleString('en-US'));
    }
    expect(AVATAR_LENGTH_LIMIT).toBeGreaterThan(PROPERTY_LENGTH_LIMIT);
  });

  it('shows rules and golden users that are configurations', () => {
    const mapping = blocks.find((block) => 'displayName' in block);
    const golden = blocks.find((block) => 'golden' in block);
    expect(schema.parseConnector(connector({ mapping })).mapping.username.expression).toContain("'ext-'");
    const config = {
      mapping: {
        username: { source: 'userPrincipalName', transforms: [{ type: 'guestUpn' }, { type: 'stripDomain' }] },
        email: { source: 'mail', fallback: ['userPrincipalName'], transforms: [{ type: 'guestUpn' }] },
      },
      groups: {
        transforms: [{ type: 'regexReplace', pattern: '^jira-' }],
        alwaysAdd: [{ group: 'jira-software-users' }],
      },
      ...golden,
    };
    const parsed = schema.parseConnector(connector(config));
    expect(parsed.golden).toHaveLength(1);
    expect(goldenDifferences(parsed.golden, parsed)).toEqual([]);
  });

  it('shows conditions that are right', () => {
    const conditions = [...text.matchAll(/(?:where|when): "([^"]+)"/g)].map(([, condition = '']) => condition);
    expect(conditions.length).toBeGreaterThan(1);
    for (const condition of conditions) compileExpression(condition, 'user');
    const [, about = ''] = /expression: "(group[^"]+)"/.exec(text) ?? [];
    compileExpression(about, 'group');
  });

  it('is right about null', () => {
    const of = (source: string): unknown =>
      evaluateExpression(source, subjectOf({ externalId: 'x', active: true, attributes: { a: 'A' } }));
    expect(of("user.none + 'x'")).toEqual({ value: null });
    expect(of('user.none > 1')).toEqual({ value: false });
    expect(of("Join('-', user.a, user.none)")).toEqual({ value: 'A' });
    expect(of('Coalesce(user.none, user.a)')).toEqual({ value: 'A' });
  });
});
