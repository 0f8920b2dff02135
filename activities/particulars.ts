import type { KnownOrganization, PlanContext } from '../domain/facts';
import { nameKey } from '../domain/names';
import type { DecisionSettings } from '../domain/settings';
import type { Licence, Organization, Organizations, ProjectLead } from '../targets/extras';
import type { TargetPage } from '../targets/page';
import type { ProvisioningTarget } from '../targets/target';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { readPatiently } from './readPatiently';
import type { RunContext } from './runContext';

const ORGANIZATIONS = 'organizations';

/** What only some plans need to know of the target: asked for when one does, and once. */
export interface Particulars {
  /** Who leads which project; nobody where the target knows no projects. */
  readonly leads: () => Promise<readonly ProjectLead[]>;
  /** Applications with their seats; none where the target is not licensed by the seat. */
  readonly licences: () => Promise<readonly Licence[]>;
  /** All organizations; none where the target has no such thing. */
  readonly organizations: () => Promise<readonly Organization[]>;
}

/** Asks the target itself. */
export function particularsOf(target: ProvisioningTarget): Particulars {
  const { departures, licences, organizations } = target;
  return {
    leads: async () => (departures ? readPatiently(() => departures.projectLeads(cancellation())) : []),
    licences: async () => (licences ? readPatiently(() => licences.read(cancellation())) : []),
    organizations: async () => (organizations ? listAll(organizations) : []),
  };
}

async function listAll(organizations: Organizations): Promise<readonly Organization[]> {
  const all: Organization[] = [];
  let cursor: string | null = null;
  do {
    const from: string | null = cursor;
    const page: TargetPage<Organization> = await readPatiently(() => organizations.list(from, cancellation()));
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return all;
}

/** The organizations by nameKey, as plans look them up; absent where the mapping has none. */
export function knownOrganizations(
  { mapping }: DecisionSettings,
  organizations: readonly Organization[]
): Pick<PlanContext, 'organizations'> {
  if (mapping.organizations === undefined) return {};
  const known: Record<string, KnownOrganization> = {};
  for (const one of organizations) {
    const key = nameKey(one.name);
    known[key] = Object.hasOwn(known, key) ? 'several' : one;
  }
  return { organizations: known };
}

/** The same, asked for where the mapping has any. */
export async function askedOrganizations(
  settings: DecisionSettings,
  particulars: Particulars
): Promise<Pick<PlanContext, 'organizations'>> {
  return settings.mapping.organizations === undefined
    ? {}
    : knownOrganizations(settings, await particulars.organizations());
}

/** The same for all shards of a run: what one of them learned is kept with the snapshot. */
export function particularsOfRun(deps: ActivityDeps, { run, target }: RunContext): Particulars {
  const { snapshots } = deps.store;
  const kept = async <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const known = (await snapshots.artifact(run.id, name)) as T | null;
    if (known !== null) return known;
    const value = await read();
    await snapshots.putArtifact(run.id, name, value);
    return value;
  };
  const direct = particularsOf(target);
  return {
    leads: () => kept('projectLeads', direct.leads),
    licences: () => kept('licences', direct.licences),
    organizations: () => kept(ORGANIZATIONS, direct.organizations),
  };
}

/** The organizations as a run knew them, for who may not ask the target; none where it asked for none. */
export async function keptOrganizations(
  { store }: ActivityDeps,
  { run, settings }: RunContext
): Promise<Pick<PlanContext, 'organizations'>> {
  const kept = (await store.snapshots.artifact(run.id, ORGANIZATIONS)) as readonly Organization[] | null;
  return knownOrganizations(settings, kept ?? []);
}
