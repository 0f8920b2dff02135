import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { CallPriority } from './call-slots';
import type { Phase } from './operation';

/** Ids of connectors and targets (durability 1.5). */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Users are spread over this many slices by a hash of their external id; a shard is a range of slices. */
export const SLICES = 4096;
/** The pseudo shards that are planned and applied apart from the users' hash shards. */
export const GROUP_SHARD = 'groups';
export const NAMES_SHARD = 'names';

/** Encodes one part of an id: group names and old Jira keys may contain ':' (durability 1.5). */
export function encodePart(part: string): string {
  return part.replace(/[%:]/g, (character) => (character === '%' ? '%25' : '%3A'));
}

function join(...parts: readonly (string | number)[]): string {
  return parts.map((part) => (typeof part === 'number' ? String(part) : encodePart(part))).join(':');
}

export const runId = (connectorId: string, n: number): string => `${connectorId}-${n}`;

export const connectorWorkflowId = (connectorId: string): string => join('connector', connectorId);
export const runWorkflowId = (run: string): string => join('run', run);
export const applyWorkflowId = (run: string): string => join('apply', run);
export const taskWorkflowId = (requestId: string): string => join('task', requestId);

/** @param digest a keyed digest of what the person is called: nothing personal may stand in a workflow id (durability 5.3) */
export const userWorkflowId = (connectorId: string, digest: string): string => join('user', connectorId, digest);
/** One for the whole installation. */
export const SWEEP_WORKFLOW_ID = 'sweep';

/** The run that all single-user syncs of a connector and a UTC day belong to (durability 4.5). @param day yyyy-mm-dd */
export const userRunId = (connectorId: string, day: string): string => `${connectorId}-user-${day.replaceAll('-', '')}`;

export const linkId = (connectorId: string, externalId: string): string => join(connectorId, externalId);
export const groupLinkId = (connectorId: string, groupId: string, targetName: string): string =>
  join(connectorId, groupId, targetName);
export const membershipId = (connectorId: string, externalId: string, groupKey: string): string =>
  join(connectorId, externalId, groupKey);
export const targetClaim = (targetId: string, targetKey: string): string => join(targetId, targetKey);
export const nameClaim = (targetId: string, usernameKey: string): string => join(targetId, usernameKey);
export const connectorVersionId = (connectorId: string, version: number): string => join(connectorId, version);

export const snapshotId = (run: string, kind: string, key: string): string => join(run, kind, key);
export const operationId = (run: string, phase: Phase, shard: string, n: number): string => join(run, phase, shard, n);
/** Under which the pages of a target's migration report lie among the snapshots: no run has a ':' in its id. */
export const migrationReportId = (targetId: string): string => join('migration', targetId);
export const planShardId = (run: string, shard: string): string => join(run, shard);
export const outcomeId = (run: string, externalId: string): string => join(run, externalId);
/** An outcome in a run of a day, where one person may have several. */
export const dayOutcomeId = (run: string, externalId: string, requestId: string): string =>
  join(run, externalId, requestId);
export const gateHourId = (connectorId: string, hour: string): string => join(connectorId, hour);

/** The slice of a user, 0..SLICES-1: the first 12 bits of SHA-256 over the external id. */
export function sliceOf(externalId: string): number {
  const digest = sha256(utf8ToBytes(externalId));
  return ((digest[0] ?? 0) << 4) | ((digest[1] ?? 0) >> 4);
}

export interface SliceRange {
  /** Both ends belong to the range. */
  readonly from: number;
  readonly to: number;
}

/** The slices of shard `index` of `count`; together the shards cover every slice once. */
export function shardSlices(index: number, count: number): SliceRange {
  return {
    from: Math.floor((index * SLICES) / count),
    to: Math.floor(((index + 1) * SLICES) / count) - 1,
  };
}

/** The shard of `count` that has a slice. */
export function shardOfSlice(slice: number, count: number): number {
  const guess = Math.floor((slice * count) / SLICES);
  return slice > shardSlices(guess, count).to ? guess + 1 : guess;
}

/** One connection that several processes call: a target, or a tenant of a provider. */
export const callConnectionId = (connection: string): string => join(connection);
export const callSlotId = (connection: string, slot: number): string => join(connection, slot);
/** Seconds since the epoch have ten digits until the year 2286, so that texts sort as numbers. */
export const callWindowId = (connection: string, priority: CallPriority, start: number): string =>
  join(connection, priority, start);
/** Ids of the windows before one. */
export const callWindowsUntil = (
  connection: string,
  priority: CallPriority,
  start: number
): { readonly $gte: string; readonly $lt: string } => ({
  $gte: join(connection, priority, '0'),
  $lt: callWindowId(connection, priority, start),
});

/** Sorts links by the hour in which something becomes due. @param time ISO time in UTC */
export const dueKey = (time: string, connectorId: string, externalId: string): string =>
  join(time.slice(0, 'yyyy-mm-ddThh'.length), connectorId, externalId);

/** Sorts requests by the hour in which they may go. @param time ISO time in UTC */
export const requestExpiry = (time: string, requestId: string): string =>
  join(time.slice(0, 'yyyy-mm-ddThh'.length), requestId);

/** How long the request of a person is kept: as long as somebody may ask how it went, for it holds personal data. */
export const PERSON_REQUEST_KEPT_MS = 7 * 24 * 3_600_000;

/** The shard of one single-user sync: its operations, apart from those of the other syncs of the day. */
export const userShardName = (requestId: string, plan: number, attempt: number): string =>
  `u-${requestId}-${plan}-${attempt}`;

/** Every slice. */
export const WHOLE_RANGE: SliceRange = { from: 0, to: SLICES - 1 };

export const shardName = (index: number): string => `s${String(index).padStart(4, '0')}`;

/** A short stable name for anything that must not stand in an id in clear. */
export const fingerprint = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);

/** A user or group that an identity provider pushed, and what it is found by. */
export const scimId = (connectorId: string, id: string): string => join(connectorId, id);
/** A normalised name that one resource of a connector has alone. */
export const scimNameKey = (connectorId: string, name: string): string => join(connectorId, name);
/** The beginning of the keys of all resources that share a value, which end in the id of each. */
export const scimSharedKey = (connectorId: string, value: string): string => join(connectorId, value);
export const scimSharedKeyOf = (connectorId: string, value: string, id: string): string => join(connectorId, value, id);
export const scimMemberId = (connectorId: string, groupId: string, userId: string): string =>
  join(connectorId, groupId, userId);
/** The mark of what waits to be carried to the target: sorts by `moment`, a ULID (durability 4.1). */
export const scimPendingMark = (connectorId: string, moment: string, ...ids: readonly string[]): string =>
  join(connectorId, moment, ...ids);
export const scimPendingFrom = (connectorId: string, moment: string): string => join(connectorId, moment);
/** Digits so that texts sort as numbers. */
export const scimBlockId = (connectorId: string, kind: string, block: number): string =>
  join(connectorId, kind, String(block).padStart(8, '0'));
export const scimBlocksOf = (connectorId: string, kind: string): string => join(connectorId, kind);
export const scimIntentChunkId = (connectorId: string, groupId: string, intent: string, n: number): string =>
  join(connectorId, groupId, intent, n);

export const changesWorkflowId = (connectorId: string): string => join('changes', connectorId);
/** The run that all results of pushes of a connector and a UTC day belong to (durability 4.5). @param day yyyy-mm-dd */
export const pushRunId = (connectorId: string, day: string): string => `${connectorId}-push-${day.replaceAll('-', '')}`;
