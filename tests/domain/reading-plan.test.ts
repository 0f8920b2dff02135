import fc from 'fast-check';
import { chooseMembershipReading } from '../../domain/reading-plan';

const group = (members: number, read = 50) => ({ members, read });

describe('how memberships are read', () => {
  it.each([
    ['no group has a second page', [], 30, { by: 'group', calls: 0 }],
    ['many people in few pages', [group(120), group(60)], 500, { by: 'group', calls: 3 }],
    ['few people of this source in huge groups', [group(10_000), group(10_000)], 30, { by: 'account', calls: 32 }],
    ['nobody is asked for', [group(60)], 0, { by: 'group', calls: 1 }],
    ['both take as many', [group(150)], 1, { by: 'group', calls: 2 }],
    ['pages are shorter than usual', [group(100, 10)], 3, { by: 'account', calls: 4 }],
  ] as const)('%s', (_name, open, people, expected) => {
    expect(chooseMembershipReading(open, people)).toEqual(expected);
  });

  it('never takes more requests than the other way would', () => {
    const groups = fc.array(fc.record({ members: fc.nat(20_000), read: fc.integer({ min: 1, max: 100 }) }), {
      maxLength: 9,
    });
    fc.assert(
      fc.property(groups, fc.nat(5_000), (open, people) => {
        const { calls } = chooseMembershipReading(open, people);
        const pages = open.reduce((sum, { members, read }) => sum + Math.ceil(Math.max(0, members - read) / read), 0);
        expect(calls).toBe(Math.min(pages, people + open.length));
      })
    );
  });
});
