import type { Presence } from '../../domain/facts';
import type { SourceUser } from '../../domain/model';
import { lookupOrder } from '../../domain/single-user';
import type { ActivityDeps } from '../deps';
import { cancellation } from '../progress';
import type { SingleContext } from './order';

/** A person of the source, or one that only a link still knows. */
export interface FoundPerson {
  readonly externalId: string;
  readonly presence: Presence;
  /** Null unless `present`. */
  readonly source: SourceUser | null;
}
export type Finding = FoundPerson | 'nobody' | 'several';

/**
 * Finds who is meant: by what the settings name first, then by the other two, then by the account in the target.
 * What the sweep or a push asks for is always an external id.
 */
export async function findPerson(deps: ActivityDeps, context: SingleContext): Promise<Finding> {
  const { identifier, trigger } = context.order;
  if (trigger === 'schedule' || trigger === 'push') return byId(deps, context, identifier);
  for (const by of lookupOrder(context.settings.login.lookup)) {
    const found = by === 'externalId' ? await byId(deps, context, identifier) : await named(context, by, identifier);
    if (found !== 'nobody') return found;
  }
  return byAccount(deps, context, identifier);
}

async function byId(deps: ActivityDeps, { provider, order }: SingleContext, id: string): Promise<Finding> {
  const answer = (await provider.lookUpUsers([id], cancellation())).get(id) ?? 'unknown';
  if (answer !== 'absent' && answer !== 'unknown') return present(answer.found);
  const linked = (await deps.store.links.byExternalIds(order.connectorId, [id])).has(id);
  if (!linked) return 'nobody';
  return { externalId: id, presence: answer === 'absent' ? 'absentProved' : 'absentUnproved', source: null };
}

async function named({ provider }: SingleContext, by: 'username' | 'email', value: string): Promise<Finding> {
  const [first, ...others] = await provider.findUsers(by, value, cancellation());
  if (first === undefined) return 'nobody';
  return others.length === 0 ? present(first) : 'several';
}

/** What the person is called in the target, where the mapping makes another name of the source's. */
async function byAccount(deps: ActivityDeps, context: SingleContext, username: string): Promise<Finding> {
  const account = await context.target.findByUsername(username, cancellation());
  if (account === null) return 'nobody';
  const { connector, order } = context;
  const owner = (await deps.store.links.owners(connector.targetId, [account.key])).get(account.key);
  return owner?.connectorId === order.connectorId ? byId(deps, context, owner.externalId) : 'nobody';
}

const present = (source: SourceUser): FoundPerson => ({
  externalId: source.externalId,
  presence: 'present',
  source,
});
