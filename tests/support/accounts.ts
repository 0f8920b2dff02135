import type { SimulatorControl } from '../../simulators/jira/controlClient';

/** What a test compares of an account of the simulated Jira. */
export interface AccountView {
  readonly active: boolean;
  readonly email: string;
  readonly displayName: string;
  readonly groups: readonly string[];
}

/** The accounts of the simulated Jira by username, without those of the seed. */
export async function accountsOf(sim: SimulatorControl): Promise<Readonly<Record<string, AccountView>>> {
  const users = (await sim.users()).filter(({ name }) => name !== 'admin' && name !== 'member');
  return Object.fromEntries(
    users.map(({ name, active, emailAddress, displayName, groups }) => [
      name,
      { active, email: emailAddress, displayName, groups: groups.toSorted() },
    ])
  );
}

/** How many writes the simulated Jira has carried out, by kind; those without effect do not count. */
export async function effectsOf(sim: SimulatorControl): Promise<Readonly<Record<string, number>>> {
  const { created, updated, renamed, deactivated, reactivated, groupsCreated, membershipsAdded, membershipsRemoved } =
    await sim.stats();
  return { created, updated, renamed, deactivated, reactivated, groupsCreated, membershipsAdded, membershipsRemoved };
}

/** Effects of which an account has more than it can have by one write each. */
export async function doubledEffects(sim: SimulatorControl): Promise<readonly string[]> {
  const { effectsPerUser } = await sim.stats();
  const users = new Map((await sim.users()).map((user) => [user.key, user]));
  return Object.entries(effectsPerUser).flatMap(([key, effects]) => {
    const groups = users.get(key)?.groups.length ?? 0;
    const isDoubled = (effects.created ?? 0) > 1 || (effects.membershipsAdded ?? 0) > groups;
    return isDoubled ? [`${key}: ${JSON.stringify(effects)}`] : [];
  });
}

/** How many requests the simulated Jira has answered, by endpoint. */
export const callsOf = async (sim: SimulatorControl): Promise<Readonly<Record<string, number>>> =>
  (await sim.stats()).calls;
