import { writeFileSync } from 'node:fs';
import { startSystem, type System } from '../support/system';

interface Person {
  readonly id: string;
  readonly department?: string;
  readonly photo?: string;
  readonly company?: string;
  readonly active?: boolean;
}
const PHOTO = Buffer.from('89504e470d0a1a0a0001', 'hex').toString('base64');
const OTHER_PHOTO = Buffer.from('89504e470d0a1a0a0002', 'hex').toString('base64');

const csv = (people: readonly Person[]): string =>
  [
    'id,username,email,displayName,active,department,photo,company',
    ...people.map(({ id, department = '', photo = '', company = '', active = true }) =>
      [id, `u-${id}`, `${id}@example.com`, `User ${id}`, String(active), department, photo, company].join(',')
    ),
    '',
  ].join('\n');

/** Set-up 9 of the rules: customers by company, beside people with properties and pictures. */
const CONFIG = {
  mapping: {
    properties: { department: { source: 'department', whenEmpty: 'clear' } },
    avatar: { source: 'photo' },
    organizations: { source: 'company', whenEmpty: 'clear', create: true },
  },
  groups: { include: [] },
};
const TEN: readonly Person[] = Array.from({ length: 10 }, (_, n) => ({
  id: `p${n}`,
  department: 'Sales',
  company: n < 5 ? 'ACME' : 'New Ltd',
  ...(n === 0 && { photo: PHOTO }),
}));
const changedFirst = (change: Partial<Person>): Person[] =>
  TEN.map((one, n) => (n === 0 ? { ...one, ...change } : one));

describe('properties, pictures and organizations', () => {
  let system: System;
  const write = (people: readonly Person[]): void => {
    writeFileSync(system.file, csv(people));
  };
  const userOf = async (id: string) => (await system.sim.users()).find(({ name }) => name === `u-${id}`);
  const written = async () => {
    const { propertiesSet, avatarsAdded, customersAdded, customersRemoved, organizationsCreated, updated } =
      await system.sim.stats();
    return { propertiesSet, avatarsAdded, customersAdded, customersRemoved, organizationsCreated, updated };
  };
  const NOTHING = {
    propertiesSet: 0,
    avatarsAdded: 0,
    customersAdded: 0,
    customersRemoved: 0,
    organizationsCreated: 0,
    updated: 0,
  };

  beforeAll(async () => {
    system = await startSystem({
      config: CONFIG,
      jira: { applications: ['jira-software', 'jira-servicedesk'] },
    });
    await system.sim.change({
      users: [{ name: 'customer' }],
      organizations: [{ name: 'ACME', members: ['customer'] }],
    });
    write(TEN);
  });
  afterAll(async () => system.stop());

  it('come with the accounts; an organization that is missing is created once', async () => {
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: 10, failed: 0 } });
    // The picture's own property tells the client that it was set.
    expect(await written()).toMatchObject({
      propertiesSet: 11,
      avatarsAdded: 1,
      customersAdded: 10,
      organizationsCreated: 1,
    });
    expect((await userOf('p0'))?.properties).toMatchObject({ department: 'Sales' });
  });

  it('are not written again', async () => {
    await system.sim.reset('stats');
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: 10 } });
    expect(await written()).toEqual(NOTHING);
  });

  it('follow the source: changed, cleared, moved, and nobody else is touched', async () => {
    await system.sim.reset('stats');
    write(changedFirst({ department: '', photo: OTHER_PHOTO, company: 'New Ltd' }));
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { updated: 1, unchanged: 9 } });
    expect(await written()).toMatchObject({ avatarsAdded: 1, customersAdded: 1, customersRemoved: 1 });
    expect((await userOf('p0'))?.properties).not.toHaveProperty('department');
    const link = (await system.store.links.byExternalIds(system.connectorId, ['p0'])).get('p0');
    expect(link?.organizations).toEqual(['New Ltd']);
  });

  it('are written once though an answer is lost', async () => {
    await system.sim.reset('stats');
    for (const endpoint of ['PUT /user/properties/{propertyKey}', 'POST /organization/{organizationId}/user']) {
      await system.sim.addFault({ kind: 'drop-after', match: { endpoint }, until: 1 });
    }
    write(changedFirst({ department: 'Research', photo: OTHER_PHOTO, company: 'ACME' }));
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { updated: 1, failed: 0 } });
    expect(await written()).toMatchObject({ propertiesSet: 1, customersAdded: 1, customersRemoved: 1 });
    expect((await userOf('p0'))?.properties).toMatchObject({ department: 'Research' });
  });

  it('a picture that is none fails for that person alone', async () => {
    write(changedFirst({ department: 'Research', photo: 'bm90IGEgcGljdHVyZQ==', company: 'ACME' }));
    const run = await system.run();
    expect(run).toMatchObject({ status: 'partial', counts: { failed: 1, unchanged: 9 } });
    const { items } = await system.store.outcomes.list(run.id, { outcome: 'failed', limit: 5, cursor: null });
    expect(items[0]?.error).toContain('PNG, JPEG or GIF');
  });
});
