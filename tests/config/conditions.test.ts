import { connectorDocument } from '../../config/document';
import { connector, connectorIssues, schema } from './support';

describe('conditions in a configuration', () => {
  it('are kept as written where they are right', () => {
    const scope = { requiredGroups: ['a-*', { expression: "group.kind == 'x'" }], where: 'user.active' };
    const groups = {
      name: { source: 'mail' },
      kinds: ['security'],
      include: [{ expression: 'group.x > 1' }],
      exclude: [{ expression: 'group.y' }],
      transforms: [{ type: 'stripDomain' }],
      dropUnmatched: true,
      alwaysAdd: [{ group: 'a', when: "'x' in groups" }, { group: 'b' }],
    };
    const parsed = schema.parseConnector(connector({ scope, groups }));
    expect(parsed.scope).toMatchObject(scope);
    expect(parsed.groups).toMatchObject({ ...groups, alwaysAdd: [groups.alwaysAdd[0], { group: 'b', when: '' }] });
    expect(schema.parseConnector(JSON.parse(JSON.stringify(connectorDocument(parsed))))).toEqual(parsed);
  });

  it.each([
    [{ scope: { where: "user.x && 'a'" } }, 'scope.where', 'must be true or false, but is a text (line 1, column 11)'],
    [{ scope: { where: "'text'" } }, 'scope.where', 'must be true or false, but is a text (line 1, column 1)'],
    [{ scope: { where: 'usr.x' } }, 'scope.where', expect.stringContaining('did you mean "user"?')],
    [{ scope: { where: 3 } }, 'scope.where', 'must be a text'],
    [
      { scope: { requiredGroups: [{ expression: 'user.x' }] } },
      'scope.requiredGroups[0].expression',
      expect.stringContaining('known: group'),
    ],
    [
      { scope: { requiredGroups: [{ expresion: 'x' }] } },
      'scope.requiredGroups[0]',
      expect.stringContaining('must be a glob'),
    ],
    [{ scope: { excludeGroups: [''] } }, 'scope.excludeGroups[0]', 'must not be empty'],
    [
      { groups: { include: [{ expression: 'group.' }] } },
      'groups.include[0].expression',
      expect.stringContaining('Expected IDENTIFIER'),
    ],
    [
      { groups: { alwaysAdd: [{ group: 'a', when: 'Left(1)' }] } },
      'groups.alwaysAdd[0].when',
      expect.stringContaining('Left() takes 2 arguments'),
    ],
    [
      { groups: { transforms: [{ type: 'trimm' }] } },
      'groups.transforms[0].type',
      expect.stringContaining('must be one of'),
    ],
    [{ groups: { name: 'mail' } }, 'groups.name', 'must be a section with keys'],
  ])('%j', (changes, path, message) => {
    expect(connectorIssues(changes)).toEqual([{ path, message }]);
  });
});
