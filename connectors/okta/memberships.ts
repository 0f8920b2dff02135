import type { MembershipSource } from '../membershipWalk';
import type { OktaApi } from './api';
import { isWanted } from './groups';
import type { OktaSettings } from './settings';
import { memberShape } from './shapes';

/** The groups that a condition finds, and their members, for the walk over both. */
export function membershipsOf(
  api: OktaApi,
  settings: OktaSettings,
  filter: string,
  signal: AbortSignal
): MembershipSource {
  const counts = settings.memberCounts === 'check';
  const pageOf = async (condition: string, next: string | null) => {
    const page = await api.groups(condition, next, signal);
    const wanted = page.rows.filter((group) => isWanted(group, settings));
    const rows = wanted.map(({ id, _embedded }) => {
      const members = counts ? (_embedded?.stats?.usersCount ?? null) : null;
      return { id, members };
    });
    return { rows, next: page.next };
  };
  return {
    service: 'Okta',
    groups: (next) => pageOf(filter, next),
    members: async (group, next) => {
      const page = await api.members(group, memberShape, next, signal);
      if (page === null) return null;
      return { rows: page.rows.map(({ id }) => ({ id, kind: 'user' as const })), next: page.next };
    },
    count: async (group) => {
      const { rows } = await pageOf(`id eq ${JSON.stringify(group)}`, null);
      return rows.find(({ id }) => id === group)?.members ?? null;
    },
  };
}
