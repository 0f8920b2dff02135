import type { Completeness } from '../domain/facts';
import type { RunContext } from './runContext';

/** What the run's read of the source proves. A kind that the source does not deliver is never complete: its absence proves nothing. */
export function completenessOf({ run, provider }: RunContext): Completeness {
  const complete = run.source?.complete === true;
  const { delivers } = provider.capabilities;
  return {
    users: complete && delivers.includes('users'),
    groups: complete && delivers.includes('groups'),
    memberships: complete && delivers.includes('memberships'),
  };
}
