import type { PlanContext, UserFacts } from '../domain/facts';
import { leavesNow } from '../domain/lifecycle-steps';
import type { TargetUser } from '../domain/model';
import { isLead } from '../domain/plan-lead';
import { nameKey } from '../domain/names';
import type { DecisionSettings } from '../domain/settings';
import type { ProjectLead } from '../targets/extras';
import type { ProvisioningTarget } from '../targets/target';
import type { Particulars } from './particulars';
import { cancellation, heartbeat } from './progress';
import { readPatiently } from './readPatiently';

type Rules = Pick<PlanContext, 'leadSuccessor'>;

/**
 * Adds to leavers which projects they lead, and to those who do which of their groups give access (rules 3.5). Nothing is
 * asked where nobody leaves, or where the target knows no projects.
 */
export async function withLeads(
  target: ProvisioningTarget,
  particulars: Particulars,
  facts: readonly UserFacts[],
  rules: PlanContext
): Promise<readonly UserFacts[]> {
  if (target.departures === undefined || !facts.some((one) => leavesNow(one, rules))) return facts;
  const leads = await particulars.leads();
  const completed: UserFacts[] = [];
  for (const one of facts) completed.push(leavesNow(one, rules) ? await completedFacts(one) : one);
  return completed;

  async function completedFacts(one: UserFacts): Promise<UserFacts> {
    const { account } = one;
    if (account === null) return one;
    const led = { ...one, leads: projectsOf(leads, account) };
    if (!isLead(led, rules, account)) return one;
    return { ...led, licenceGroups: await licenceGroupsOf(target, particulars, account.key) };
  }
}

/** The account that takes over projects, as the settings name it; null where there is none that could. */
export async function leadSuccessor(target: ProvisioningTarget, { lifecycle }: DecisionSettings): Promise<Rules> {
  if (lifecycle.leads.action === 'hold') return {};
  const { user } = lifecycle.leads;
  const account = await readPatiently(() => target.findByUsername(user, cancellation()));
  return { leadSuccessor: account?.active === true ? { key: account.key, username: account.username } : null };
}

function projectsOf(leads: readonly ProjectLead[], { key, username }: TargetUser): readonly string[] {
  const isTheirs = ({ leadKey, leadUsername }: ProjectLead): boolean =>
    leadKey === null ? nameKey(leadUsername ?? '') === nameKey(username) : leadKey === key;
  return leads
    .filter(isTheirs)
    .map(({ project }) => project)
    .sort();
}

async function licenceGroupsOf(
  target: ProvisioningTarget,
  particulars: Particulars,
  key: string
): Promise<readonly string[]> {
  const groups = await readPatiently(() => target.groupsOf(key, cancellation()));
  heartbeat();
  const licensed = new Set((await particulars.licences()).flatMap((licence) => licence.groups).map(nameKey));
  return (groups ?? []).filter((group) => licensed.has(nameKey(group)));
}
