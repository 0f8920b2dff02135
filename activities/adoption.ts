import { adoptionOf, countAdoption } from '../domain/adoption';
import type { AdoptionCounts } from '../domain/adoption';
import type { PlanContext, UserFacts } from '../domain/facts';
import type { AdoptionRecord } from '../store/records';
import { adoptionPage } from '../store/shard-pages';
import type { ActivityDeps } from './deps';
import type { ShardInput } from './shardPeople';

/**
 * Notes what the people of a shard find among the accounts that exist, for the adoption report (rules 1.2); may be repeated.
 * @returns how many there are of each kind
 */
export async function noteAdoption(
  { store }: ActivityDeps,
  { runId, index }: ShardInput,
  people: readonly UserFacts[],
  rules: PlanContext
): Promise<AdoptionCounts> {
  const findings = people.map((facts) => adoptionOf(facts, rules)).filter((found) => found !== null);
  if (findings.length === 0) return {};
  const keys = [...new Set(findings.flatMap(({ accountKeys }) => accountKeys))];
  const accounts = await store.snapshots.targetUsers(runId, keys);
  const records = findings.map(({ accountKeys, ...found }): AdoptionRecord => ({
    ...found,
    accounts: accountKeys.flatMap((key) => accounts.get(key) ?? []),
  }));
  await store.snapshots.putArtifact(runId, adoptionPage(index), records);
  return countAdoption(findings);
}
