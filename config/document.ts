import type { ConnectorConfig } from './connector';
import { goldenDocument } from './golden';

/**
 * A parsed connector as an admin would write it: what the schema takes, so that what is shown can be sent back.
 * Parsing the result gives the same connector. Secrets are in it as they are in `config`.
 */
export function connectorDocument(config: ConnectorConfig): Readonly<Record<string, unknown>> {
  const { schedule, fullRead, groups, approval, golden, ...same } = config;
  const { include, name, kinds, ...otherGroups } = groups;
  const set = Object.entries({ include, name, kinds }).filter(([, value]) => (value ?? null) !== null);
  return {
    ...same,
    schedule: { ...schedule, fullRead },
    groups: { ...Object.fromEntries(set), ...otherGroups },
    golden: goldenDocument(golden),
    approval: {
      when: approval.when,
      expiresAfter: `${approval.expiresAfterHours}h`,
      planMaxAge: `${approval.planMaxAgeHours}h`,
    },
  };
}
