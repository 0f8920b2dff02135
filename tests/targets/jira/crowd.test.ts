import { parseMemberships } from '../../../targets/jira/membershipXml';
import { simulations } from './simulated';
import { never, refusal, startStub, targetFor } from './support';

const start = simulations();
const APPLICATION = { application: 'rollcall', password: 'rollcall-secret' };

describe('the list of memberships', () => {
  const list = (inner: string) => `<?xml version="1.0" encoding="UTF-8"?><memberships>${inner}</memberships>`;

  it('has users and groups of each group', () => {
    const xml = list(
      `<membership group="g"><users><user name="u"/><user name="v"/></users><groups><group name="c"/></groups></membership>
       <membership group="empty"><users/><groups/></membership>`
    );
    expect(parseMemberships(xml)).toEqual([
      { group: 'g', usernames: ['u', 'v'], groups: ['c'] },
      { group: 'empty', usernames: [], groups: [] },
    ]);
  });

  it('has names of any sign', () => {
    const xml = list(
      '<membership group="R&amp;D &lt;&quot;x&quot;&gt;"><users><user name="o&#39;neil&#x1F642;"/><user name="a>b"/></users></membership>'
    );
    expect(parseMemberships(xml)).toEqual([{ group: 'R&D <"x">', usernames: ["o'neil🙂", 'a>b'], groups: [] }]);
  });

  it.each([
    ['another document', '<groups><group name="g"/></groups>'],
    ['a text', 'hello'],
    ['nothing', ''],
    ['a list that was cut', '<memberships><membership group="g"><users><user name="u"/>'],
    ['a group without a name', list('<membership><users/></membership>')],
  ])('is not %s', (_name, xml) => {
    expect(parseMemberships(xml)).toBeNull();
  });

  it('may be empty', () => {
    expect(parseMemberships('<memberships/>')).toEqual([]);
  });
});

describe('the user server inside Jira', () => {
  it('tells direct members from those of groups within groups', async () => {
    const { url, sim, target } = await start();
    await sim.change({
      groups: ['outer', 'inner', { name: 'outer', children: ['inner'] }],
      users: [
        { name: 'ann', groups: ['outer'] },
        { name: 'bob', groups: ['inner'] },
      ],
    });
    const both = targetFor(url, { crowd: APPLICATION });
    const page = await both.listMembers('outer', null, never());
    expect(page?.items.map((user) => user.username).sort()).toEqual(['ann', 'bob']);
    const direct = await both.nesting?.directMembers(never());
    expect(direct).toContainEqual({ group: 'outer', usernames: ['ann'], groups: ['inner'] });
    expect(direct).toContainEqual({ group: 'inner', usernames: ['bob'], groups: [] });
    expect(await both.capabilities(never())).toMatchObject({ listDirectMembers: true, nestedGroups: 'read' });
    expect(await target.capabilities(never())).toMatchObject({ listDirectMembers: false, nestedGroups: 'none' });
    expect(target.nesting).toBeUndefined();
    await both.close();
  });

  it('is asked by the connection test where it is configured', async () => {
    const { url } = await start();
    const steps = async (crowd: typeof APPLICATION) => {
      const target = targetFor(url, { crowd });
      const found = await target.test(never());
      await target.close();
      return found.find((step) => step.name === 'crowd');
    };
    expect(await steps(APPLICATION)).toMatchObject({ ok: true, remedy: null });
    const refused = await steps({ ...APPLICATION, password: 'not this one' });
    expect(refused).toMatchObject({ ok: false, remedy: expect.stringContaining('Jira User Server') });
    expect(JSON.stringify(refused)).not.toContain('not this one');
  });

  it('names the allowlist when the address of this machine is not on it', async () => {
    const application = { name: 'rollcall', password: 'rollcall-secret', allowed: ['10.0.0.0/8'] };
    const { url } = await start({ crowdApplication: application });
    const target = targetFor(url, { crowd: APPLICATION });
    const error = await refusal(target.nesting!.directMembers(never()));
    expect(error).toMatchObject({ kind: 'configuration', status: 403, remedy: expect.stringContaining('address') });
    await target.close();
  });

  it('is not believed when it answers with half a list', async () => {
    const stub = await startStub(() => ({
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: '<memberships><membership group="g">',
    }));
    const target = targetFor(stub.url, { crowd: APPLICATION });
    expect((await refusal(target.nesting!.directMembers(never()))).kind).toBe('configuration');
    await target.close();
    await stub.stop();
  });
});
