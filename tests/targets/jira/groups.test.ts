import { groupsOf, simulations } from './simulated';
import { never, refusal } from './support';

const start = simulations();

describe('groups and memberships', () => {
  it.each(['en', 'de', 'fr'] as const)('the state decides, in any language (%s)', async (locale) => {
    const { sim, target } = await start({ locale });
    expect(await target.createGroup('Entwickler & Co', never())).toBe('created');
    expect(await target.createGroup('entwickler & co', never())).toBe('existed');
    expect(await target.groupExists('Entwickler & Co', never())).toBe(true);
    expect(await target.addMember('entwickler & Co', 'Member', never())).toBe('added');
    expect(await target.addMember('entwickler & Co', 'Member', never())).toBe('alreadyMember');
    expect(await target.removeMember('entwickler & Co', 'Member', never())).toBe('removed');
    expect(await target.removeMember('entwickler & Co', 'Member', never())).toBe('notMember');
    const { groupsCreated, membershipsAdded, membershipsRemoved } = await sim.stats();
    expect({ groupsCreated, membershipsAdded, membershipsRemoved }).toEqual({
      groupsCreated: 1,
      membershipsAdded: 1,
      membershipsRemoved: 1,
    });
  });

  it('says when account or group is gone', async () => {
    const { target } = await start({ locale: 'de' });
    const lost = [
      target.addMember('no-group', 'member', never()),
      target.addMember('jira-software-users', 'nobody', never()),
      target.removeMember('no-group', 'member', never()),
      target.removeMember('jira-software-users', 'nobody', never()),
    ];
    for (const one of lost) expect((await refusal(one)).kind).toBe('notFound');
  });

  it('a member that Jira will not let go is neither removed nor called no member', async () => {
    const { sim, target } = await start();
    expect((await refusal(target.removeMember('jira-administrators', 'admin', never()))).kind).toBe('invalid');
    expect(await groupsOf(sim, 'admin')).toContain('jira-administrators');
  });

  it('an empty group name is refused without being found', async () => {
    const { target } = await start();
    expect((await refusal(target.createGroup('', never()))).kind).toBe('invalid');
  });

  it.each(['http500-after', 'drop-after'] as const)(
    'a lost answer is ambiguous, and the membership is there (%s)',
    async (kind) => {
      const { sim, target } = await start();
      await sim.change({ groups: ['dev'] });
      await sim.addFault({ kind, match: { endpoint: 'POST /group/user' }, until: 1 });
      expect((await refusal(target.addMember('dev', 'member', never()))).kind).toBe('ambiguous');
      expect(await groupsOf(sim, 'member')).toContain('dev');
      expect(await target.addMember('dev', 'member', never())).toBe('alreadyMember');
      expect((await sim.stats()).membershipsAdded).toBe(1);
    }
  );
});
