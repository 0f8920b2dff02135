import type { Licence, ProjectLead } from '../targets/extras';
import type { ProvisioningTarget } from '../targets/target';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { readPatiently } from './readPatiently';
import type { RunContext } from './runContext';

/** What only some plans need to know of the target: asked for when one does, and once. */
export interface Particulars {
  /** Who leads which project; nobody where the target knows no projects. */
  readonly leads: () => Promise<readonly ProjectLead[]>;
  /** Applications with their seats; none where the target is not licensed by the seat. */
  readonly licences: () => Promise<readonly Licence[]>;
}

/** Asks the target itself. */
export function particularsOf(target: ProvisioningTarget): Particulars {
  const { departures, licences } = target;
  return {
    leads: async () => (departures ? readPatiently(() => departures.projectLeads(cancellation())) : []),
    licences: async () => (licences ? readPatiently(() => licences.read(cancellation())) : []),
  };
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
  };
}
