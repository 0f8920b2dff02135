import { scimKinds } from '../../../domain/scim/kinds';
import { exactMembers, isAboutMembers, memberChange, parseMembers } from '../../../domain/scim/members';
import { parsePatch } from '../../../domain/scim/patch-request';

const { Group } = scimKinds(null);

function change(...operations: readonly object[]) {
  const all = parsePatch(Group, { Operations: operations });
  return memberChange(all.filter((operation) => isAboutMembers(Group, operation)));
}
const user = (id: string, display: string | null = null) => ({ id, type: 'User', display });

describe('what a PATCH does to the members of a group', () => {
  it('adds by a list, one value or a bare id, each once', () => {
    const added = change(
      {
        op: 'Add',
        path: 'members',
        value: [
          { $ref: null, value: 'a' },
          { value: 'b', display: 'B' },
        ],
      },
      { op: 'add', path: 'members', value: { value: 'a' } },
      { op: 'add', path: 'members', value: 'c' }
    );
    expect(added).toEqual({ clears: false, add: [user('a'), user('b', 'B'), user('c')], remove: [], removeWhere: [] });
  });

  it('removes only the listed ones, though RFC 7644 has no value there', () => {
    expect(change({ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] })).toMatchObject({
      clears: false,
      remove: ['a'],
    });
  });

  it('removes by a path', () => {
    expect(change({ op: 'remove', path: 'members[value eq "a"]' })).toMatchObject({ clears: false, remove: ['a'] });
  });

  it('empties the group when a removal names nobody (RFC 7644 3.5.2.2)', () => {
    expect(change({ op: 'remove', path: 'members' })).toMatchObject({ clears: true, add: [] });
  });

  it('replaces the whole list, with or without a path', () => {
    const all = { clears: true, add: [user('a')], remove: [] };
    expect(change({ op: 'replace', path: 'members', value: [{ value: 'a' }] })).toMatchObject(all);
    expect(change({ op: 'replace', value: { members: [{ value: 'a' }], displayName: 'T' } })).toMatchObject(all);
    expect(change({ op: 'replace', value: { members: [], id: 'g' } })).toMatchObject({ clears: true, add: [] });
    expect(exactMembers([{ value: 'a' }])).toMatchObject(all);
  });

  it('never touches members when only the name or the external id is sent', () => {
    expect(change({ op: 'replace', value: { id: 'g', displayName: 'T', externalId: 'e' } })).toBeNull();
  });

  it('nets what is added and removed in one request, in order', () => {
    const add = { op: 'add', path: 'members', value: [{ value: 'a' }] };
    const remove = { op: 'remove', path: 'members[value eq "a"]' };
    expect(change(add, remove)).toMatchObject({ add: [], remove: ['a'] });
    expect(change(remove, add)).toMatchObject({ add: [user('a')], remove: [] });
  });

  it('chooses by other sub-attributes', () => {
    const chosen = change({ op: 'remove', path: 'members[type eq "Group"]' });
    expect(chosen?.removeWhere.map((fits) => [fits({ type: 'group' }), fits({ type: 'User' })])).toEqual([
      [true, false],
    ]);
  });

  it('tells a group by its type or its address', () => {
    expect(
      parseMembers([
        { value: 'a', type: 'group' },
        { value: 'b', $ref: 'https://x/scim/Groups/b' },
      ])
    ).toEqual([
      { id: 'a', type: 'Group', display: null },
      { id: 'b', type: 'Group', display: null },
    ]);
  });

  it.each([[[{}]], [[{ value: '' }]], [[{ value: 'x'.repeat(600) }]], [[null]]])('refuses %j', (value) => {
    expect(() => parseMembers(value)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });

  it('refuses to change a member (RFC 7643 4.2: immutable)', () => {
    expect(() => change({ op: 'replace', path: 'members[value eq "a"].display', value: 'x' })).toThrow(
      expect.objectContaining({ scimType: 'mutability' })
    );
  });
});
