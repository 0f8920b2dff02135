import { membersOf, type OktaGroup, type OktaUser } from './org';
import type { Simulator } from './simulator';

/** A user as every list and look-up shows one; what was never set is null. */
export function userBody({ id, status, created, statusChanged, lastUpdated, profile }: OktaUser): unknown {
  return {
    ...{ id, status, created, activated: created, statusChanged, lastLogin: null, lastUpdated, passwordChanged: null },
    type: { id: 'otysimdefault0000001' },
    profile,
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: `/api/v1/users/${id}` } },
  };
}

/** `expand` may hold `stats` (the number of members) and `app` (where an APP_GROUP comes from). */
export function groupBody(simulator: Simulator, group: OktaGroup, expand: readonly string[]): unknown {
  const { id, type, name, description, appId, created, lastUpdated, lastMembershipUpdated } = group;
  const app = appId === null ? undefined : simulator.org.apps.get(appId);
  const embedded = {
    ...(expand.includes('stats') && {
      stats: {
        ...{ usersCount: membersOf(simulator.org, group).length, appsCount: 0, groupPushMappingsCount: 0 },
        _links: {},
      },
    }),
    ...(expand.includes('app') && app !== undefined && { app: { ...app, signOnMode: 'SAML_2_0' } }),
  };
  return {
    ...{ id, created, lastUpdated, lastMembershipUpdated, type },
    objectClass: [type === 'APP_GROUP' ? 'okta:windows_security_principal' : 'okta:user_group'],
    profile: { name, description },
    ...(Object.keys(embedded).length > 0 && { _embedded: embedded }),
    _links: {
      users: { href: `${simulator.origin}/api/v1/groups/${id}/users` },
      ...(appId !== null && { source: { href: `${simulator.origin}/api/v1/apps/${appId}` } }),
    },
  };
}
