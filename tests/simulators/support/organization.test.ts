import { createOrganization, type Organization } from '../../../simulators/support/organization';
import { churn, recreatePerson, renamePerson } from '../../../simulators/support/organizationChanges';
import { createRandom } from '../../../simulators/support/random';

const build = (users: number, groups: number, memberships?: number, seed = 7): Organization =>
  createOrganization({ users, groups, random: createRandom(seed), ...(memberships !== undefined && { memberships }) });

const plain = ({ people, groups }: Organization) =>
  JSON.stringify([
    [...people.values()],
    [...groups.values()].map((group) => ({ ...group, people: [...group.people], groups: [...group.groups] })),
  ]);
const memberships = ({ groups }: Organization): number =>
  [...groups.values()].reduce((sum, { people }) => sum + people.size, 0);

describe('the made-up organisation', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(plain(build(300, 40))).toBe(plain(build(300, 40)));
    expect(plain(build(300, 40))).not.toBe(plain(build(300, 40, undefined, 8)));
  });

  it.each([
    [10_000, 1_000, 50_000],
    [100, 30, 500],
    [3, 1, 3],
    [5, 2, 100],
    [0, 3, 10],
    [3, 0, 10],
  ])('of %i people in %i groups has %i memberships, where there is room', (users, groups, count) => {
    const room = users * (groups - Math.floor(groups / 30));
    expect(memberships(build(users, groups, count))).toBe(Math.max(0, Math.min(count, room)));
  });

  it('has whatever makes trouble: scripts, equal names, guests, service accounts, disabled people, other letter case', () => {
    const people = [...build(500, 0).people.values()];
    const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Han}/u, /\p{Script=Arabic}/u];
    for (const script of scripts) expect(people.some(({ displayName }) => script.test(displayName))).toBe(true);
    expect(new Set(people.map(({ displayName }) => displayName)).size).toBeLessThan(people.length);
    expect(new Set(people.map(({ login }) => login.toLowerCase())).size).toBe(people.length);
    for (const kind of ['employee', 'guest', 'service']) expect(people.some((one) => one.kind === kind)).toBe(true);
    expect(people.some(({ active }) => !active)).toBe(true);
    expect(people.some(({ email, login }) => email !== login && email?.toLowerCase() === login)).toBe(true);
    expect(people.some(({ email, kind }) => email === null && kind === 'employee')).toBe(true);
    expect(people.some(({ managerId }) => managerId !== null)).toBe(true);
  });

  it('has groups that are nested, in a circle, huge, empty, hidden, and of one name', () => {
    const { groups } = build(1_000, 200, 5_000);
    const all = [...groups.values()];
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      for (const child of groups.get(from)?.groups ?? []) if (!seen.has(child)) reach(child, seen.add(child));
      return seen;
    };
    expect(all.some(({ id }) => reach(id).has(id))).toBe(true);
    expect(Math.max(...all.map(({ id }) => reach(id).size))).toBeGreaterThan(4);
    expect(Math.max(...all.map(({ people }) => people.size))).toBe(500);
    expect(all.some(({ people }) => people.size === 0)).toBe(true);
    expect(all.some(({ isHidden }) => isHidden)).toBe(true);
    expect(all.filter(({ name }) => name === 'Twice').length).toBeGreaterThan(1);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['security', 'team', 'mail']));
  });

  it('changes in proportion, and nobody comes or goes', () => {
    const organization = build(1_000, 100, 5_000);
    const before = memberships(organization);
    const { changed, groups } = churn(organization, 0.01);
    expect([changed.length, groups.length]).toEqual([10, 1]);
    expect(organization.people.size).toBe(1_000);
    expect(Math.abs(memberships(organization) - before)).toBeLessThanOrEqual(1);
  });

  it('keeps the id of somebody who is renamed, and gives a new one to somebody who is made again', () => {
    const organization = build(10, 2, 20);
    const [person] = organization.people.values();
    if (person === undefined) throw new Error('nobody is there');
    renamePerson(person, 'new.name@corp.example');
    expect(organization.people.get(person.id)?.login).toBe('new.name@corp.example');
    const again = recreatePerson(organization, person);
    expect(again.login).toBe(person.login);
    expect(again.id).not.toBe(person.id);
    expect([...organization.groups.values()].some(({ people }) => people.has(person.id))).toBe(false);
  });
});
