import { connectorDocument } from '../../config/document';
import { connector, connectorIssues, schema } from './support';

describe('golden users in a configuration', () => {
  it('are people as the source delivers them, and what is expected of them', () => {
    const golden = [
      {
        user: { id: 'a-1', active: false, attributes: { a: { b: [1] } }, groups: ['dev', { id: 'g', name: 'ops' }] },
        expect: { username: 'ada', email: null, groups: ['dev'], properties: { x: null }, standing: 'inScope' },
      },
      { user: {}, expect: { active: true } },
    ];
    const parsed = schema.parseConnector(connector({ golden }));
    expect(parsed.golden).toEqual([
      {
        user: { externalId: 'a-1', active: false, attributes: { a: { b: [1] } } },
        groups: [
          { externalId: 'dev', name: 'dev', attributes: {} },
          { externalId: 'g', name: 'ops', attributes: {} },
        ],
        expect: golden[0]?.expect,
      },
      { user: { externalId: 'example', active: true, attributes: {} }, groups: [], expect: { active: true } },
    ]);
    expect(schema.parseConnector(JSON.parse(JSON.stringify(connectorDocument(parsed))))).toEqual(parsed);
  });

  it.each([
    [{ user: {} }, 'golden[0].expect', 'is required'],
    [{ user: {}, expect: {} }, 'golden[0].expect', 'must name what is expected'],
    [{ user: {}, expect: { usrname: 'x' } }, 'golden[0].expect.usrname', 'unknown key; did you mean "username"?'],
    [
      { user: { atributes: {} }, expect: { username: 'x' } },
      'golden[0].user.atributes',
      expect.stringContaining('"attributes"'),
    ],
    [
      { user: {}, expect: { standing: 'away' } },
      'golden[0].expect.standing',
      expect.stringContaining('must be one of'),
    ],
    [
      { user: { groups: [{ id: 'g' }] }, expect: { username: 'x' } },
      'golden[0].user.groups[0]',
      expect.stringContaining('must be the name of a source group'),
    ],
  ])('%j', (one, path, message) => {
    expect(connectorIssues({ golden: [one] })).toContainEqual({ path, message });
  });
});
