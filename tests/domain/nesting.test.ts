import fc from 'fast-check';
import { groupTree, membersOf } from '../../domain/nesting';
import type { GroupContent } from '../../domain/nesting';

const group = (name: string, usernames: readonly string[], groups: readonly string[] = []): GroupContent => ({
  group: name,
  usernames,
  groups,
});
const members = (contents: readonly GroupContent[], name: string) => {
  const found = membersOf(groupTree(contents), name);
  return found === null ? null : { direct: [...found.direct].sort(), nested: [...found.nested].sort() };
};

describe('rule 2.8: who is in a group', () => {
  it.each([
    ['its own members', [group('a', ['ann'])], { direct: ['ann'], nested: [] }],
    [
      'those of a group within it',
      [group('a', ['ann'], ['b']), group('b', ['bob'])],
      { direct: ['ann'], nested: ['bob'] },
    ],
    ['somebody in both is direct', [group('a', ['Ann'], ['b']), group('b', ['ann'])], { direct: ['ann'], nested: [] }],
    [
      'to any depth, whatever the case of the names',
      [group('A', [], ['B']), group('b', [], ['c']), group('C', ['Cid'])],
      { direct: [], nested: ['cid'] },
    ],
    [
      'a circle of groups ends',
      [group('a', ['ann'], ['b']), group('b', ['bob'], ['c']), group('c', ['cid'], ['a', 'b'])],
      { direct: ['ann'], nested: ['bob', 'cid'] },
    ],
    ['a group within itself', [group('a', ['ann'], ['a'])], { direct: ['ann'], nested: [] }],
    ['a group that is not listed has nobody', [group('a', ['ann'], ['gone'])], { direct: ['ann'], nested: [] }],
  ])('%s', (_name, contents, expected) => {
    expect(members(contents, 'a')).toEqual(expected);
  });

  it('is unknown where there is no such group', () => {
    expect(members([group('a', ['ann'])], 'b')).toBeNull();
  });

  it('has everybody who can be reached exactly once, in any tangle of groups', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const tangle = fc.tuple(
      ...names.map((name) =>
        fc
          .record({ own: fc.subarray(['u', 'v', 'w', 'x']), within: fc.subarray(names) })
          .map(({ own, within }) => group(name, own, within))
      )
    );
    fc.assert(
      fc.property(tangle, (contents) => {
        const tree = new Map(contents.map((one) => [one.group, one]));
        const reached = new Set<string>(['a']);
        for (let size = 0; size !== reached.size;) {
          size = reached.size;
          for (const name of [...reached]) for (const child of tree.get(name)?.groups ?? []) reached.add(child);
        }
        const found = members(contents, 'a')!;
        const everybody = new Set([...reached].flatMap((name) => tree.get(name)?.usernames ?? []));
        expect([...found.direct, ...found.nested].sort()).toEqual([...everybody].sort());
        expect(found.direct).toEqual([...(tree.get('a')?.usernames ?? [])].sort());
      })
    );
  });
});
