import fc from 'fast-check';
import { connectorDocument } from '../../config/document';
import type { DecisionSettings } from '../../domain/settings';
import { connector, connectorIssues, issuesOf, schema } from './support';

describe('the schema of a connector', () => {
  it('takes three lines and gives everything else its default', () => {
    const parsed = schema.parseConnector(connector());
    const settings: DecisionSettings = parsed; // what the decisions take, without a conversion
    expect(settings.approval).toEqual({ when: 'onExceed', expiresAfterHours: 72, planMaxAgeHours: 24 });
    expect(parsed).toMatchObject({
      id: 'people',
      name: 'people',
      mode: 'apply',
      schedule: null,
      source: { type: 'file', users: '/srv/people.csv', groups: null, memberships: null },
      users: { notify: false, applicationKeys: [] },
      mapping: { username: { source: 'username', fallback: ['email'], whenEmpty: 'excludeUser' } },
    });
  });

  it('supports mode observe', () => {
    expect(schema.parseConnector(connector({ mode: 'observe' })).mode).toBe('observe');
  });

  it('keeps the other defaults of a section of which one key is given', () => {
    const parsed = schema.parseConnector(connector({ safety: { limits: { absent: { ceiling: 7 } } } }));
    expect(parsed.safety.limits.absent).toEqual({ floor: 5, percent: 2, ceiling: 7 });
    expect(parsed.safety.limits.disabled.ceiling).toBe(1000);
    expect(parsed.safety.onExceed).toBe('holdKind');
  });

  it('tells no groups at all ([]) from the default (null)', () => {
    expect(schema.parseConnector(connector({ groups: { include: [] } })).groups.include).toEqual([]);
    expect(schema.parseConnector(connector()).groups.include).toBeNull();
  });

  it('gives hours for durations in hours and days', () => {
    const parsed = schema.parseConnector(connector({ approval: { expiresAfter: '3d', planMaxAge: '12h' } }));
    expect(parsed.approval).toMatchObject({ expiresAfterHours: 72, planMaxAgeHours: 12 });
  });

  it.each(['0h', '72', '72 h', '-1h', '1.5h', '366d', 'h', '1m', '99999999999h', ''])(
    'refuses the duration %j',
    (text) => {
      expect(connectorIssues({ approval: { expiresAfter: text } })).toEqual([
        { path: 'approval.expiresAfter', message: 'must be a duration such as 72h or 3d, between 1h and 365d' },
      ]);
    }
  );

  it.each([
    [{ schedulle: {} }, 'schedulle', 'unknown key; did you mean "schedule"?'],
    [{ schedule: { cronn: '0 2 * * *' } }, 'schedule.cronn', 'unknown key; did you mean "cron"?'],
    [{ safety: { limits: { absnet: {} } } }, 'safety.limits.absnet', 'unknown key; did you mean "absent"?'],
    [{ source: { type: 'file', users: 'p.csv', group: 'g' } }, 'source.group', 'unknown key; did you mean "groups"?'],
    [{ mapping: { email: { sorce: 'mail' } } }, 'mapping.email.sorce', 'unknown key; did you mean "source"?'],
    [{ groups: { rules: [{ match: '*', mod: 'x' }] } }, 'groups.rules[0].mod', 'unknown key; did you mean "mode"?'],
    [{ protected: { people: [] } }, 'protected.people', 'unknown key; known here: users, groups'],
  ])('refuses the unknown key in %j with the nearest known one', (changes, path, message) => {
    expect(connectorIssues(changes)).toContainEqual({ path, message });
  });

  it('names every wrong thing at once, an entry each', () => {
    const paths = connectorIssues({
      id: 'No Good',
      extra: 1,
      other: 2,
      mode: 'dry',
      scope: { existingOnly: 'yes' },
    }).map(({ path }) => path);
    expect(paths.sort()).toEqual(['extra', 'id', 'mode', 'other', 'scope.existingOnly']);
  });

  it.each([
    [undefined, ''],
    [null, ''],
    ['text', ''],
    [[], ''],
  ])('refuses %j instead of a connector', (raw, path) => {
    expect(issuesOf(() => schema.parseConnector(raw))[0]).toMatchObject({ path });
  });

  it('says that a missing key is required', () => {
    expect(issuesOf(() => schema.parseConnector({ id: 'a', target: 'b' }))).toEqual([
      { path: 'source', message: 'is required' },
    ]);
  });

  it('is not fooled by keys of every object', () => {
    const raw: unknown = JSON.parse(
      JSON.stringify(connector()).replace('{', '{"__proto__":{"mode":"observe"},"constructor":1,')
    );
    expect(issuesOf(() => schema.parseConnector(raw)).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['constructor'])
    );
  });
});

describe('the schedule of a connector', () => {
  it('is kept with its zone', () => {
    const schedule = { cron: '0 2 * * *', timezone: 'Europe/Berlin' };
    expect(schema.parseConnector(connector({ schedule })).schedule).toEqual({
      ...schedule,
      enabled: true,
      jitterSeconds: 60,
    });
  });

  it('is null without a cron expression', () => {
    expect(schema.parseConnector(connector({ schedule: { enabled: false } })).schedule).toBeNull();
  });

  it.each([{ cron: '61 * * * *' }, { cron: '0 2 * * *', timezone: 'Mars/Olympus' }])('is checked: %j', (schedule) => {
    expect(connectorIssues({ schedule })[0]).toMatchObject({ path: 'schedule' });
  });
});

describe('matching', () => {
  it('rule 1.2: adopt auto without mail domains is refused', () => {
    expect(connectorIssues({ match: { adopt: 'auto' } })).toEqual([
      { path: 'match.domains', message: expect.stringContaining('rule 1.2') },
    ]);
    expect(schema.parseConnector(connector({ match: { adopt: 'auto', domains: ['Corp.COM'] } })).match.domains).toEqual(
      ['corp.com']
    );
  });

  it('rule 1.2: by username alone needs confirm: none in writing', () => {
    expect(connectorIssues({ match: { by: ['username'] } })[0]).toMatchObject({ path: 'match.by[0]' });
    const by = [{ username: { confirm: 'none' } }];
    expect(schema.parseConnector(connector({ match: { by } })).match.by).toEqual(by);
  });

  it.each(['@corp.com', 'corp', 'a b.com', 'corp..com', ''])('refuses the mail domain %j', (domain) => {
    expect(connectorIssues({ match: { domains: [domain] } })[0]).toMatchObject({ path: 'match.domains[0]' });
  });
});

describe('the mapping of a connector', () => {
  it('stands on the defaults where a rule names its source', () => {
    const mapping = { username: { source: 'login' }, email: { source: 'mail', transforms: [{ type: 'trim' }] } };
    expect(schema.parseConnector(connector({ mapping })).mapping).toMatchObject({
      username: { source: 'login', fallback: [], whenEmpty: 'excludeUser', whenInvalid: 'excludeUser', case: 'ignore' },
      email: {
        source: 'mail',
        fallback: [],
        transforms: [{ type: 'trim' }],
        whenEmpty: 'keepExisting',
        whenInvalid: 'holdUser',
      },
      displayName: { source: 'displayName', fallback: ['fullName'] },
    });
  });

  it('changes single keys of the preset where it names none', () => {
    const mapping = { username: { transforms: [{ type: 'lowercase' }], case: 'exact' } };
    expect(schema.parseConnector(connector({ mapping })).mapping.username).toMatchObject({
      source: 'username',
      fallback: ['email'],
      transforms: [{ type: 'lowercase' }],
      case: 'exact',
    });
  });

  it('changes nothing else when it names where a value comes from', () => {
    const mapping = {
      displayName: { expression: "user.a + ' ' + user.b" },
      email: { constant: 'all@corp.com' },
      active: { source: 'enabled', transforms: [{ type: 'boolean', true: ['on'] }] },
      properties: { department: { source: 'department', whenEmpty: 'clear' } },
      avatar: { source: 'photo' },
      organizations: { source: 'company', create: true },
    };
    const parsed = schema.parseConnector(connector({ mapping })).mapping;
    expect(parsed.displayName).toEqual({
      expression: "user.a + ' ' + user.b",
      fallback: [],
      transforms: [],
      whenEmpty: 'keepExisting',
      whenNoMatch: 'keepUntransformed',
      whenInvalid: 'holdUser',
      apply: 'always',
      case: 'ignore',
    });
    expect(parsed.email).toMatchObject({ constant: 'all@corp.com', fallback: [] });
    expect(parsed.active?.transforms).toEqual([{ type: 'boolean', true: ['on'], false: ['false', '0', 'no'] }]);
    expect(parsed.properties).toMatchObject({
      department: { source: 'department', whenEmpty: 'clear', case: 'ignore' },
    });
    expect(parsed.avatar).toMatchObject({ source: 'photo', whenEmpty: 'keepExisting' });
    expect(parsed.organizations).toMatchObject({ source: 'company', create: true, mode: 'managed' });
  });

  it('has no key for what is not configured', () => {
    expect(Object.keys(schema.parseConnector(connector()).mapping)).toEqual(['username', 'email', 'displayName']);
  });

  it('is excludeUser in all three cases for a username', () => {
    expect(schema.parseConnector(connector({ mapping: { username: { source: 'x' } } })).mapping.username).toMatchObject(
      {
        whenEmpty: 'excludeUser',
        whenNoMatch: 'excludeUser',
        whenInvalid: 'excludeUser',
      }
    );
  });

  it.each([
    [
      { email: { source: 'a', constant: 'b' } },
      'mapping.email',
      'takes one of source, expression, constant, not several',
    ],
    [{ active: {} }, 'mapping.active', 'needs one of source, expression, constant'],
    [{ avatar: { whenEmpty: 'clear' } }, 'mapping.avatar', 'needs one of source, expression, constant'],
    [{ properties: { a: {} } }, 'mapping.properties.a', 'needs one of source, expression, constant'],
    [{ username: { source: 'a', whenNoMatch: 'clear' } }, 'mapping.username.whenNoMatch', expect.any(String)],
    [{ active: { source: 'a', whenEmpty: 'clear' } }, 'mapping.active.whenEmpty', expect.any(String)],
    [
      { email: { expression: 'usr.mail' } },
      'mapping.email.expression',
      'unknown variable "usr" (line 1, column 1); did you mean "user"?',
    ],
    [
      { email: { expression: 'x' } },
      'mapping.email.expression',
      expect.stringContaining('known: user, groups, existing, link'),
    ],
    [
      { email: { expression: "Joyn(' ', user.a)" } },
      'mapping.email.expression',
      expect.stringContaining('did you mean "Join"?'),
    ],
    [{ email: { expression: 'user.a +' } }, 'mapping.email.expression', 'Unexpected token: EOF (line 1, column 9)'],
  ])('refuses %j', (mapping, path, message) => {
    expect(connectorIssues({ mapping })).toEqual([{ path, message }]);
  });

  it('refuses a key that Jira does not take for a property', () => {
    expect(connectorIssues({ mapping: { properties: { 'a b': { source: 'x' } } } })[0]).toMatchObject({
      path: 'mapping.properties["a b"]',
    });
  });

  it.each([
    [{ type: 'lowercas' }, 'type', expect.stringContaining('must be one of trim, lowercase, uppercase, stripDomain')],
    [{ type: 'prefix' }, 'value', 'is required'],
    [{ type: 'suffix', value: 3 }, 'value', 'must be a text'],
    [{ type: 'trim', value: 'x' }, 'value', expect.stringContaining('unknown key')],
    [{ type: 'prefix', valeu: 'x', value: 'x' }, 'valeu', 'unknown key; did you mean "value"?'],
    [{ type: 'regexReplace', pattern: '(a' }, 'pattern', 'missing closing ): `(a`'],
    [{ type: 'regexReplace', pattern: '(?=a)' }, 'pattern', expect.stringContaining('no look-around')],
    [
      { type: 'regexReplace', pattern: '(a)', replacement: '$2' },
      'replacement',
      '$2 is no group of the pattern, which has 1',
    ],
    [{ type: 'regexExtract', pattern: '(a)', group: 2 }, 'group', 'the pattern has 1 groups'],
    [{ type: 'date', to: 'dd.Q' }, 'to', expect.stringContaining('"Q" means nothing in a date')],
    [{ type: 'pick' }, 'index', 'is required'],
    [{ type: 'substring', start: 0, length: 0 }, 'length', 'must be at least 1'],
    [{ type: 'table', table: { a: 1 } }, 'table.a', 'must be a text'],
    [{ type: 'boolean', true: [] }, 'true', 'must have at least 1 entries'],
    [{ type: 'split' }, 'separator', 'is required'],
  ])('refuses the transform %j', (step, key, message) => {
    expect(connectorIssues({ mapping: { email: { transforms: [step] } } })).toEqual([
      { path: `mapping.email.transforms[0].${key}`, message },
    ]);
  });

  it('takes every transform', () => {
    const transforms = [
      ...['trim', 'lowercase', 'uppercase', 'stripDomain', 'guestUpn', 'transliterate', 'first'].map((type) => ({
        type,
      })),
      { type: 'prefix', value: 'x' },
      { type: 'suffix', value: 'x' },
      { type: 'default', value: 'x' },
      { type: 'fallback', source: 'x' },
      { type: 'split', separator: ',' },
      { type: 'join', separator: ',' },
      { type: 'pick', index: -1 },
      { type: 'substring', start: 0, length: 3 },
      { type: 'regexReplace', pattern: '^a', replacement: '$0' },
      { type: 'regexExtract', pattern: '(a)', group: 1 },
      { type: 'table', table: { a: 'b' }, otherwise: 'c' },
      { type: 'date', from: 'fileTime', to: 'yyyy-MM-dd' },
      { type: 'boolean', true: ['a'], false: ['b'] },
    ];
    const parsed = schema.parseConnector(connector({ mapping: { email: { transforms } } }));
    expect(parsed.mapping.email.transforms).toEqual(transforms);
  });

  it('cannot clear a username', () => {
    expect(connectorIssues({ mapping: { username: { whenEmpty: 'clear' } } })[0]).toMatchObject({
      path: 'mapping.username.whenEmpty',
    });
  });
});

describe('connectorDocument', () => {
  it('writes a connector so that parsing it again gives the same', () => {
    const choices = fc.record(
      {
        mode: fc.constantFrom('apply', 'observe'),
        schedule: fc.constantFrom({ cron: '5 4 * * 1', timezone: 'Asia/Tokyo' }, { enabled: false }),
        groups: fc.record({ include: fc.constantFrom(null, [], ['jira-*']), keep: fc.array(fc.constant('team-*')) }),
        approval: fc.record({ expiresAfter: fc.integer({ min: 1, max: 365 }).map((days) => `${days}d`) }),
        mapping: fc.constantFrom(
          {},
          { username: { source: 'login', transforms: [{ type: 'prefix', value: 'x-' }] } },
          { email: { expression: 'user.mail' }, active: { source: 'on' }, properties: { a: { constant: 'b' } } },
          { organizations: { source: 'company', mode: 'additive' }, avatar: { source: 'photo' } }
        ),
      },
      { requiredKeys: [] }
    );
    fc.assert(
      fc.property(choices, (changes) => {
        const parsed = schema.parseConnector(connector(changes));
        expect(schema.parseConnector(JSON.parse(JSON.stringify(connectorDocument(parsed))))).toEqual(parsed);
      }),
      { numRuns: 50 }
    );
  });
});

describe('robustness', () => {
  it('answers any JSON with a configuration error or a connector, nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (source, scope) => {
        const raw = connector({ source, scope, mapping: scope, safety: source });
        expect(issuesOf(() => schema.parseConnector(raw)).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 }
    );
  });
});
