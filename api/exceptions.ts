import { exceptionId, exceptionState } from '../domain/gate-exceptions';
import type { GateException } from '../domain/gate-exceptions';
import type { AttributeRecord, AttributeValue } from '../domain/model';
import type { ConnectorConfig } from '../config/connector';
import { acknowledgedBy } from './acknowledge';
import { audit } from './commands';
import { getLiveConnector, loadConnector } from './connector-access';
import type { ApiDependencies } from './dependencies';
import { Problem } from './http/problem';
import type { Principal } from './http/route';
import { tellWorkflow } from './reconfigure';
import { openConfig } from './secrets';
import { currentConfiguration } from './stored-configuration';

/** The exceptions of a configuration as they are written, one for each parsed one. */
type Written = readonly AttributeValue[];
interface Change {
  readonly connectorId: string;
  readonly principal: Principal;
  readonly action: 'exception.add' | 'exception.remove';
  /** What the audit event tells. */
  readonly details: AttributeRecord;
  /** The new list, or null when nothing is to be changed. @throws Problem */
  readonly change: (written: Written, parsed: readonly GateException[]) => Written | null;
}

/** Another writer that comes first is no reason to refuse: the change is made upon what he saved. */
const TRIES = 5;

/**
 * Saves a version of a connector that differs in its exceptions alone; secrets stay sealed.
 * @returns warnings @throws Problem not-found, connector-removed, refused, precondition-failed; ConfigurationError
 */
export async function changeExceptions(deps: ApiDependencies, order: Change): Promise<readonly string[]> {
  const { connectorId: id, principal, action, details, change } = order;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const connector = await getLiveConnector(deps.store, id);
    const before = await loadConnector(deps.store, id);
    const stored = await currentConfiguration(deps, connector);
    const { config } = before.version;
    const exceptions = change(writtenIn(config), stored.safety.exceptions);
    if (exceptions === null) return [];
    const changed = { ...config, safety: { ...sectionOf(config), exceptions } };
    const parsed = parse(deps, changed, id);
    const version = await deps.store.connectors.saveVersion({
      id,
      version: before.record.version,
      targetId: parsed.target,
      config: changed,
      by: principal.name,
      now: deps.clock().toISOString(),
      acknowledgedScope: await acknowledgedBy(deps, { hash: null, before, stored, parsed }),
    });
    if (version === null) continue;
    await audit(deps, principal, { action, subject: id, details: { ...details, version } });
    return tellWorkflow(deps, id, version);
  }
  throw new Problem('precondition-failed', 'Others save this connector all the time; try again.');
}

const parse = (deps: ApiDependencies, config: AttributeRecord, id: string): ConnectorConfig =>
  deps.configuration.parseConnector(openConfig(config, deps.secretBox, { kind: 'connector', id }));

const sectionOf = (config: AttributeRecord): AttributeRecord => (config.safety ?? {}) as AttributeRecord;
const writtenIn = (config: AttributeRecord): Written => (sectionOf(config).exceptions ?? []) as Written;

/** The list with one more; those that are over go, the audit log has them. */
export function withException(
  written: Written,
  parsed: readonly GateException[],
  added: { readonly written: AttributeRecord; readonly id: string },
  now: string
): Written | null {
  if (parsed.some((exception) => exceptionId(exception) === added.id)) return null;
  return [...written.filter((_, at) => isStanding(parsed[at], now)), added.written];
}

const isStanding = (exception: GateException | undefined, now: string): boolean =>
  exception !== undefined && exceptionState(exception, now) !== 'over';

/** The list without one. @returns null when it is not in it */
export function withoutException(written: Written, parsed: readonly GateException[], id: string): Written | null {
  const at = parsed.findIndex((exception) => exceptionId(exception) === id);
  return at < 0 ? null : written.filter((_, index) => index !== at);
}
