import { isIgnoredGroup, isIgnoredUser, sourceGroupOf, sourceUserOf } from '../../../domain/scim/source';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('a SCIM resource as a source', () => {
  it('has the attributes of the protocol and the usual short names', () => {
    const { externalId, active, attributes } = sourceUserOf('u-1', {
      userName: 'ann',
      externalId: 'HR-7',
      name: { givenName: 'Ann', familyName: 'Lee' },
      emails: [
        { value: 'h@x', type: 'home' },
        { value: 'w@x', type: 'Work' },
      ],
      [ENTERPRISE]: { department: 'D', manager: { value: 'm' } },
    });
    expect({ externalId, active }).toEqual({ externalId: 'u-1', active: true });
    expect(attributes).toMatchObject({
      id: 'u-1',
      externalId: 'HR-7',
      email: 'w@x',
      fullName: 'Ann Lee',
      givenName: 'Ann',
      department: 'D',
      managerId: 'm',
    });
  });

  it('prefers the primary address, and keeps core attributes before those of an extension', () => {
    const { attributes, active } = sourceUserOf('u-1', {
      active: false,
      title: 'core',
      name: { formatted: 'A. Lee' },
      emails: [
        { value: 'w@x', type: 'work' },
        { value: 'p@x', primary: true },
      ],
      'urn:example:custom': { title: 'custom' },
    });
    expect(active).toBe(false);
    expect(attributes).toMatchObject({ email: 'p@x', title: 'core', fullName: 'A. Lee' });
  });

  it('knows a group by its displayName', () => {
    expect(sourceGroupOf('g-1', { displayName: 'Team' })).toMatchObject({ externalId: 'g-1', name: 'Team' });
  });
});

describe('who is only there to try the connection', () => {
  const rule = { users: ['*@test.example'], groups: ['*Test Group'] };

  it('is told by name or address', () => {
    expect(isIgnoredUser(rule, { userName: 'x', emails: [{ value: 'X@TEST.example' }] })).toBe(true);
    expect(isIgnoredUser(rule, { userName: 'x@real.example' })).toBe(false);
    expect(isIgnoredUser({ users: [], groups: [] }, { userName: 'x@test.example' })).toBe(false);
    expect(isIgnoredGroup(rule, { displayName: 'JumpCloud Test Group' })).toBe(true);
    expect(isIgnoredGroup(rule, { displayName: 'Team' })).toBe(false);
  });
});
