import type { SimulatorControl } from '../../simulators/jira/controlClient';
import type { Row } from './people';

/** A fault of the other product: what it leaves undone, or does although nobody asked. */
export type Injected =
  | { readonly kind: 'missedLeaver' | 'wrongDeactivation' | 'missedUpdate' | 'missedJoiner'; readonly username: string }
  | { readonly kind: 'ownAddress'; readonly username: string; readonly email: string }
  | { readonly kind: 'lostMember' | 'keptMember' | 'missedMember'; readonly username: string; readonly group: string };

/**
 * A model of another product that keeps the accounts of a simulated Jira equal to a list of people, but for the faults that
 * are injected. `before` is the list it was equal to.
 */
export async function syncByOther(
  sim: SimulatorControl,
  before: readonly Row[],
  rows: readonly Row[],
  injected: readonly Injected[]
): Promise<void> {
  const of = (username: string, ...kinds: readonly Injected['kind'][]): readonly Injected[] =>
    injected.filter((fault) => fault.username === username && kinds.includes(fault.kind));
  const groupsOf = (row: Row, was: Row | undefined): string[] => {
    const faults = of(row.username, 'lostMember', 'keptMember', 'missedMember');
    const named = (kind: Injected['kind']): string[] =>
      faults.flatMap((fault) => (fault.kind === kind && 'group' in fault ? [fault.group] : []));
    const without = new Set([...named('lostMember'), ...named('missedMember')]);
    const kept = named('keptMember').filter((group) => was?.groups.includes(group) === true);
    return [...row.groups.filter((group) => !without.has(group)), ...kept];
  };
  const former = new Map(before.map((row) => [row.username, row]));
  const users = rows.flatMap((row) => {
    const was = former.get(row.username);
    if (was === undefined && of(row.username, 'missedJoiner').length > 0) return [];
    const shown = of(row.username, 'missedUpdate').length > 0 && was !== undefined ? was : row;
    const [address] = of(row.username, 'ownAddress');
    const alive = row.active || of(row.username, 'missedLeaver').length > 0;
    return [
      {
        name: row.username,
        emailAddress: address?.kind === 'ownAddress' ? address.email : shown.email,
        displayName: shown.displayName,
        active: alive && of(row.username, 'wrongDeactivation').length === 0,
        groups: groupsOf(row, was),
      },
    ];
  });
  const present = new Set(rows.map(({ username }) => username));
  const leavers = before
    .filter(({ username }) => !present.has(username) && of(username, 'missedLeaver').length === 0)
    .map(({ username }) => ({ name: username, active: false }));
  await sim.change({ users: [...users, ...leavers] });
}
