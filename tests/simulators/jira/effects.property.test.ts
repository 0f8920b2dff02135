import fc from 'fast-check';
import { EFFECT_KINDS, type EffectKind } from '../../../simulators/jira/effects';
import type { GroupView, UserView } from '../../../simulators/jira/control/view';
import { startTestJira, type TestJira } from './support';

const RUNS = 60;
const NAMES = ['member', 'Bob', 'BOB'];
const GROUPS = ['g', 'H', 'jira-software-users'];

type Step = (jira: TestJira) => Promise<unknown>;

const name = fc.constantFrom(...NAMES);
const group = fc.constantFrom(...GROUPS);
const userAndGroup = fc.record({ user: name, label: group });

const create = fc.record({ user: name, keys: fc.constantFrom<unknown>(undefined, [], ['jira-software']) }).map(
  ({ user, keys }): Step =>
    (jira) =>
      jira.post('/user', { name: user, emailAddress: 'x@y.z', displayName: user, applicationKeys: keys })
);
const details = fc.record(
  { name, displayName: fc.constantFrom('One', 'Two'), active: fc.boolean() },
  { requiredKeys: ['active'] }
);
const change = fc.record({ user: name, details }).map(
  (input): Step =>
    (jira) =>
      jira.put(`/user?username=${input.user}`, input.details)
);
const remove = name.map(
  (user): Step =>
    (jira) =>
      jira.del(`/user?username=${user}`)
);
const createGroup = group.map(
  (label): Step =>
    (jira) =>
      jira.post('/group', { name: label })
);
const removeGroup = group.map(
  (label): Step =>
    (jira) =>
      jira.del(`/group?groupname=${label}`)
);
const join = userAndGroup.map(
  ({ user, label }): Step =>
    (jira) =>
      jira.post(`/group/user?groupname=${label}`, { name: user })
);
const leave = userAndGroup.map(
  ({ user, label }): Step =>
    (jira) =>
      jira.del(`/group/user?groupname=${label}&username=${user}`)
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(create, join, createGroup) },
  { weight: 3, arbitrary: change },
  { weight: 1, arbitrary: fc.oneof(remove, removeGroup, leave) }
);

describe('effect counters', () => {
  let jira: TestJira | undefined;
  const covered = new Set<EffectKind>();

  beforeAll(async () => {
    jira = await startTestJira();
  });
  afterAll(async () => {
    await jira?.stop();
  });

  it('equal the difference that each request made to the state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 20 }), async (steps) => {
        await jira!.control.reset();
        for (const take of steps) {
          await jira!.control.reset('stats');
          const before = await look(jira!);
          await take(jira!);
          const difference = compare(before, await look(jira!));
          for (const kind of EFFECT_KINDS) if ((difference[kind] ?? 0) > 0) covered.add(kind);
          expect(await jira!.control.stats()).toMatchObject({ ...zero(), ...difference });
        }
        await expectListsToAgree(jira!);
      }),
      { numRuns: RUNS, seed: 20250301 }
    );
    const kinds: readonly EffectKind[] = ['created', 'updated', 'renamed', 'deactivated', 'reactivated', 'deleted'];
    expect([...covered]).toEqual(expect.arrayContaining([...kinds, 'membershipsAdded', 'membershipsRemoved']));
  });
});

interface Look {
  readonly users: ReadonlyMap<string, UserView>;
  readonly groups: readonly GroupView[];
}

async function look(jira: TestJira): Promise<Look> {
  const users = new Map((await jira.control.users()).map((user) => [user.key, user]));
  return { users, groups: await jira.control.groups() };
}

function zero(): Partial<Record<EffectKind, number>> {
  return Object.fromEntries(EFFECT_KINDS.filter((kind) => kind !== 'sessionsEnded').map((kind) => [kind, 0]));
}

/** What happened, told from the outside. */
function compare(before: Look, after: Look): Partial<Record<EffectKind, number>> {
  const counts: Partial<Record<EffectKind, number>> = {};
  const add = (kind: EffectKind, count = 1): void => {
    if (count > 0) counts[kind] = (counts[kind] ?? 0) + count;
  };
  for (const key of new Set([...before.users.keys(), ...after.users.keys()])) {
    const old = before.users.get(key);
    const now = after.users.get(key);
    add('created', old === undefined ? 1 : 0);
    add('deleted', now === undefined ? 1 : 0);
    if (old !== undefined && now !== undefined) {
      add('renamed', old.name === now.name ? 0 : 1);
      add('updated', old.displayName === now.displayName ? 0 : 1);
      add('deactivated', old.active && !now.active ? 1 : 0);
      add('reactivated', !old.active && now.active ? 1 : 0);
    }
    add('membershipsAdded', missing(now?.groups, old?.groups));
    add('membershipsRemoved', missing(old?.groups, now?.groups));
  }
  const names = (look: Look): readonly string[] => look.groups.map((entry) => entry.name);
  add('groupsCreated', missing(names(after), names(before)));
  add('groupsDeleted', missing(names(before), names(after)));
  return counts;
}

function missing(all: readonly string[] = [], from: readonly string[] = []): number {
  return all.filter((entry) => !from.includes(entry)).length;
}

/** Groups and search keep lists of their own: they must tell the same as the users do. */
async function expectListsToAgree(jira: TestJira): Promise<void> {
  const { users, groups } = await look(jira);
  const all = [...users.values()].sort((left, right) => (left.name.toLowerCase() < right.name.toLowerCase() ? -1 : 1));
  for (const { name: label } of groups) {
    for (const inactive of [true, false]) {
      const path = `/group/member?groupname=${label}&includeInactiveUsers=${String(inactive)}`;
      const { body } = await jira.get(path);
      const expected = all.filter((user) => user.groups.includes(label) && (inactive || user.active));
      expect((body as { values: { key: string }[] }).values.map((user) => user.key)).toEqual(
        expected.map((user) => user.key)
      );
    }
  }
  const { body } = await jira.get('/user/search?username=.');
  const active = all.filter((user) => user.active).map((user) => user.key);
  expect((body as { key: string }[]).map((user) => user.key)).toEqual(active);
}
