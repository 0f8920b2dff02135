import { appIdOf } from './records';
import type { OktaSettings } from './settings';
import type { OktaGroup } from './shapes';

/** Okta's app for a Jira of one's own: its groups came from Jira and must not lead back into it (rules 2.7). */
const JIRA_APP = 'jira_onprem';

/** The condition that a list of groups is asked with: what Okta can tell apart itself. */
export const groupFilter = ({ groupTypes }: OktaSettings): string =>
  [...groupTypes]
    .sort()
    .map((type) => `type eq "${type}"`)
    .join(' or ');

/** Whether the group takes part: of a wanted type, and not from an app that is left out. */
export function isWanted(group: OktaGroup, { groupTypes, excludeApps }: OktaSettings): boolean {
  if (!groupTypes.some((type) => type === group.type)) return false;
  const { name, label } = group._embedded?.app ?? {};
  if (name === JIRA_APP) return false;
  return ![appIdOf(group), label].some((app) => typeof app === 'string' && excludeApps.includes(app));
}

/** The built-in groups, of which Everyone holds all users of the org. */
export const EVERYONE_FILTER = 'type eq "BUILT_IN"';
const EVERYONE = 'Everyone';

export const everyoneIn = (groups: readonly OktaGroup[]): OktaGroup | undefined =>
  groups.find(({ type, profile }) => type === 'BUILT_IN' && profile.name === EVERYONE);
