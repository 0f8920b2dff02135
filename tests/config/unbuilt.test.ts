import { providerDefinitions } from '../../connectors/registry';
import { SOURCE_TYPES } from '../../config/unbuilt';
import { connector, connectorIssues, issuesOf, schema } from './support';

/** Section 7 of the rules, key by key: what is not built, at a value that would need it. */
const REFUSED: readonly (readonly [object, string])[] = [
  [{ priority: 5 }, 'priority'],
  [{ handoff: { set: 'people', on: 'auto' } }, 'handoff'],
  [{ key: { source: 'employeeId' } }, 'key'],
  [{ source: { type: 'file', users: 'p.csv', read: 'all' } }, 'source.read'],
  [{ source: { type: 'file', users: 'p.csv', nested: 'ignore' } }, 'source.nested'],
  [{ source: { type: 'file', users: 'p.csv', guests: 'include' } }, 'source.guests'],
  [{ source: { type: 'file', users: 'p.csv', managers: true } }, 'source.managers'],
  [{ source: { type: 'file', users: 'p.csv', photos: true } }, 'source.photos'],
  [{ source: { type: 'file', users: 'p.csv', quotaShare: 80 } }, 'source.quotaShare'],
  [{ match: { guests: true } }, 'match.guests'],
  [{ match: { rehire: 'relink' } }, 'match.rehire'],
  [{ match: { rehire: 'newAccount' } }, 'match.rehire'],
  [{ lifecycle: { unmatched: { action: 'deactivate' } } }, 'lifecycle.unmatched.action'],
  [{ lifecycle: { unmatched: { in: ['staff'] } } }, 'lifecycle.unmatched.in'],
  [{ lifecycle: { whenConnectorIsDeleted: 'deactivate' } }, 'lifecycle.whenConnectorIsDeleted'],
  [{ approval: { twoPerson: true } }, 'approval.twoPerson'],
];

describe('keys whose feature is not built yet', () => {
  it.each(REFUSED)('are refused when asked for: %j', (changes, path) => {
    expect(connectorIssues(changes)).toContainEqual({ path, message: expect.stringContaining('not built yet') });
  });

  it('are accepted at their default, whole or in part, and leave no trace', () => {
    const changes = {
      priority: 100,
      handoff: null,
      key: { source: 'id' },
      golden: [],
      source: { type: 'file', users: 'people.csv', read: 'scoped', quotaShare: 50 },
      lifecycle: { unmatched: { action: 'report', in: [] } },
    };
    expect(schema.parseConnector(connector(changes))).toEqual(schema.parseConnector(connector()));
  });

  it('say which value is accepted', () => {
    expect(connectorIssues({ priority: 5 })).toEqual([
      { path: 'priority', message: 'not built yet; only its default 100 is accepted' },
    ]);
  });

  it.each([{ notifications: [{ mail: 'a' }] }, { allowedHosts: ['a.com'] }])(
    'are refused for settings too: %j',
    (raw) => {
      expect(issuesOf(() => schema.parseSettings(raw))[0]?.message).toContain('not built yet');
    }
  );
});

describe('source types', () => {
  const built = providerDefinitions({ baseDirectory: '.' }).map(({ type }) => type);
  it.each(SOURCE_TYPES.filter((type) => !built.includes(type)))('%s is known and not built yet', (type) => {
    expect(connectorIssues({ source: { type, clientId: 'x' } })).toEqual([
      { path: 'source.type', message: `"${type}" is not built yet; built: ${built.join(', ')}` },
    ]);
  });

  it('names the nearest type for one that is unknown', () => {
    expect(connectorIssues({ source: { type: 'keycloack' } })).toEqual([
      { path: 'source.type', message: 'unknown source type; did you mean "keycloak"?' },
    ]);
    expect(connectorIssues({ source: { type: 'something' } })[0]?.message).toContain('known: file, keycloak');
  });

  it('has no preset and no settings of its own in the result but those of the type', () => {
    expect(Object.keys(schema.parseConnector(connector()).source).sort()).toEqual([
      'groups',
      'memberships',
      'type',
      'users',
    ]);
  });
});
