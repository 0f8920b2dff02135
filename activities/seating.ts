import type { UserFacts } from '../domain/facts';
import { nameKey } from '../domain/names';
import type { DraftOperation } from '../domain/operation';
import { seatIsUncertain, seatedAccount, withSeats } from '../domain/seats';
import type { Seating } from '../domain/seats';
import type { Licence } from '../targets/extras';
import type { ProvisioningTarget } from '../targets/target';
import type { ConnectorConfig } from '../config/connector';
import type { Particulars } from './particulars';
import { cancellation, heartbeat } from './progress';
import { readPatiently } from './readPatiently';

/** The applications whose seats are limited; null where seats are not looked at, or there are enough for everybody. */
export async function seatingOf(settings: ConnectorConfig, particulars: Particulars): Promise<Seating | null> {
  if (settings.safety.seats === 'ignore') return null;
  const applications = (await particulars.licences()).flatMap(seated);
  return applications.length === 0 ? null : { applications, applicationKeys: settings.users.applicationKeys };
}

function seated({ application, groups, defaultGroups, remaining }: Licence): Seating['applications'] {
  if (remaining === null) return [];
  const [groupKeys, defaultGroupKeys] = [new Set(groups.map(nameKey)), new Set(defaultGroups.map(nameKey))];
  return [{ application, groupKeys, defaultGroupKeys, remaining }];
}

/**
 * Notes which seats the operations of one person take and free. Where groups decide that were not read, the account is
 * asked for all of its own.
 * @param read nameKeys of the groups whose members were read
 */
export async function noteSeats(
  target: ProvisioningTarget,
  seating: Seating,
  read: ReadonlySet<string>,
  { facts, operations }: { readonly facts: UserFacts; readonly operations: readonly DraftOperation[] }
): Promise<readonly DraftOperation[]> {
  const noted = withSeats(facts, operations, seating);
  if (!seatIsUncertain(facts, noted, seating, read)) return noted;
  const key = seatedAccount(facts)?.key ?? '';
  const groups = await readPatiently(() => target.groupsOf(key, cancellation()));
  heartbeat();
  return groups === null ? noted : withSeats({ ...facts, accountGroups: groups }, operations, seating);
}
