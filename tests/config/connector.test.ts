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
    expect(parsed.safety.limits.absent).toEqual({ floor: 5, percent: 3, ceiling: 7 });
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

  it.each([
    [{ type: 'lowercas' }, 'type', 'must be one of trim, lowercase, stripDomain, prefix, suffix'],
    [{ type: 'prefix' }, 'value', 'prefix needs a text to add'],
    [{ type: 'suffix', value: 3 }, 'value', 'suffix needs a text to add'],
    [{ type: 'trim', value: 'x' }, 'value', 'trim takes no value'],
    [{ type: 'trim', pattern: 'x' }, 'pattern', 'unknown key of a transform'],
    [{ type: 'guestUpn' }, 'type', '"guestUpn" is not built yet; built: trim, lowercase, stripDomain, prefix, suffix'],
    [{ type: 'regexReplace', pattern: 'x', replacement: '' }, 'type', expect.stringContaining('not built yet')],
  ])('refuses the transform %j', (step, key, message) => {
    expect(connectorIssues({ mapping: { email: { transforms: [step] } } })).toEqual([
      { path: `mapping.email.transforms[0].${key}`, message },
    ]);
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
        mapping: fc.constantFrom({}, { username: { source: 'login', transforms: [{ type: 'prefix', value: 'x-' }] } }),
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
