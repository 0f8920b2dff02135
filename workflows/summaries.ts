import type { Activities } from '../activities';
import type { Phase } from '../domain/operation';

export type ActivityName = keyof Activities;
type InputOf<Name extends ActivityName> = Parameters<Activities[Name]>[0];
type Summaries = { readonly [Name in ActivityName]: (input: InputOf<Name>) => string };

/** What the operations of a phase are about; phases without a word of their own build nothing so far. */
const PHASE_WORDS: Partial<Record<Phase, string>> = {
  0: 'links',
  1: 'new groups',
  2: 'project leads',
  3: 'leavers',
  4: 'memberships removed',
  5: 'renames',
  6: 'accounts',
  8: 'memberships added',
};

/** A phase as people read it: its number, and what it is about. */
export function phaseInWords(phase: Phase): string {
  const words = PHASE_WORDS[phase];
  return words === undefined ? `phase ${phase}` : `phase ${phase} (${words})`;
}

const shardInWords = (index: number, shards: number): string => `shard ${index + 1} of ${shards}`;
const paged = (what: string, cursor: string | null): string => (cursor === null ? what : `${what}, next pages`);

/**
 * What the history shows beside each activity: ids, ranges and counts of its input, never personal data (durability 5.3),
 * one line under 200 characters.
 */
export const SUMMARIES: Summaries = {
  loadConnector: () => 'read the configuration',
  setPaused: ({ paused }) => (paused ? 'note the pause' : 'note the end of the pause'),
  markDeleting: () => 'note that the connector is being deleted',
  removeConnector: () => 'delete the connector and what it kept',
  recordLostRun: ({ run }) => `record ${run.runId} as failed: it was ended from outside`,
  recordUnstartedRun: ({ run }) => `record ${run.runId} as cancelled before its start`,

  openRun: ({ run }) => `open ${run.mode} run ${run.runId}`,
  readSourceChunk: ({ kind, count }) => `read ${kind} from ${count}`,
  sealSource: ({ counts }) =>
    `judge the source: ${counts.users} users, ${counts.groups} groups, ${counts.memberships} memberships`,
  countShards: () => 'count the shards',
  readTargetUsers: ({ cursor }) => paged('read the accounts of the target', cursor),
  readTargetGroups: ({ cursor }) => paged('read the groups of the target', cursor),
  decideRunGroups: () => 'decide about groups',
  prepareShard: ({ index, shards }) => `prepare ${shardInWords(index, shards)}`,
  decideRunRenames: () => 'put renames into order',
  planShard: ({ index, shards }) => `plan ${shardInWords(index, shards)}`,
  sealPlan: ({ shards }) => `seal the plan of ${shards} shards: limits, numbers, hash`,

  openRollback: () => 'look at what is to be taken back',
  rollBackShard: ({ index, shards }) => `plan the way back of ${shardInWords(index, shards)}`,
  openHandover: () => 'decide which group links are handed over',
  handOverShard: ({ step, index, shards }) => `hand over, ${step}: ${shardInWords(index, shards)}`,

  outlinePlan: ({ planRunId }) => `outline the plan of ${planRunId}`,
  applyCanary: ({ planRunId }) => `apply ${planRunId} to a few people first`,
  applyBatch: ({ phase, shard, from, to }) => `apply ${phaseInWords(phase)} ${shard} ${from}-${to}`,

  closeOutcomes: ({ cursor }) => `close results from shard ${(cursor?.shard ?? 0) + 1}`,
  expireRuns: ({ n }) => `delete what runs long before run ${n} kept`,
  closeRun: ({ end }) => `close the run: ${end.cause}`,

  runTask: ({ requestId }) => `carry out request ${requestId}`,
  syncUser: ({ requestId }) => `sync the person of request ${requestId}`,
  failSyncUser: ({ requestId }) => `answer request ${requestId}: failed`,
  drainChanges: () => 'carry what was pushed',
  waitingConnectors: () => 'look for changes that wait',
  sweepDue: () => 'look for graces, holds and days that are over',
};

/** The summary of one call. @param input what the activity is called with */
export function summaryOf(name: ActivityName, input: unknown): string {
  const say: (input: never) => string = SUMMARIES[name];
  return say(input as never);
}
