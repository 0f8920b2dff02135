import type { ConnectorConfig } from '../config/connector';
import { decisionFingerprint } from '../domain/what-if';
import { ACKNOWLEDGE_WITHIN_MS, acknowledgementId } from '../domain/what-if-result';
import type { StoredConnector } from './connector-access';
import type { ApiDependencies } from './dependencies';
import { Problem } from './http/problem';

interface Change {
  /** The hash of Rollcall-Acknowledge. */
  readonly hash: string | null;
  readonly before: StoredConnector;
  /** The saved configuration as parsed; null where this release cannot read it. */
  readonly stored: ConnectorConfig | null;
  readonly parsed: ConnectorConfig;
}

/**
 * The scope whose what-if is acknowledged by saving this change (rules 4.4): the one that the hash names, else the one
 * acknowledged before, where the plan depends on nothing that changes.
 * @throws Problem what-if-changed when the hash is of another configuration, or too old
 */
export async function acknowledgedBy(
  deps: ApiDependencies,
  { hash, before, stored, parsed }: Change
): Promise<string | undefined> {
  const settings = decisionFingerprint(parsed);
  if (hash === null) {
    const isSame = stored !== null && decisionFingerprint(stored) === settings;
    return isSame ? before.version.acknowledgedScope : undefined;
  }
  const known = await deps.store.requests.get(acknowledgementId(hash));
  const isFresh = known !== null && Date.parse(known.createdAt) + ACKNOWLEDGE_WITHIN_MS > deps.clock().getTime();
  const scope = known?.input.scope;
  const isOfThis = known?.subject === parsed.id && known.input.settings === settings;
  if (isFresh && isOfThis && typeof scope === 'string') return scope;
  throw new Problem(
    'what-if-changed',
    'Rollcall-Acknowledge names no what-if of exactly this configuration within the last day: make it again.'
  );
}
