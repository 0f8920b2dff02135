import type { SourceReading } from './run';

/** The kinds of records a source may deliver; each is judged by itself. */
export type DeliveredKind = 'users' | 'groups' | 'memberships';

/** The most records a healthy complete read delivered on one day (UTC). Plain JSON, kept in the connector's document. */
export interface SourceReference {
  /** yyyy-mm-dd. */
  readonly day: string;
  readonly users: number;
  readonly groups: number;
  readonly memberships: number;
  /** Changes when another scope is read. */
  readonly scopeFingerprint: string;
  /** Changes with the tenant or with the permissions of the source. */
  readonly identity: string;
}

export interface SourceHealthInput {
  readonly reading: SourceReading;
  readonly delivers: readonly DeliveredKind[];
  readonly references: readonly SourceReference[];
  /** safety.limits.sourceShrink: records, and per cent of the reference. */
  readonly limits: { readonly floor: number; readonly percent: number };
  readonly scopeFingerprint: string;
  readonly identity: string;
  /** ISO time of the read. */
  readonly now: string;
}

export interface HealthVerdict {
  readonly healthy: boolean;
  /** One sentence a fault, for the person who decides. */
  readonly reasons: readonly string[];
}

export interface NoteReferenceInput {
  readonly scopeFingerprint: string;
  readonly identity: string;
  /** ISO time of the read. */
  readonly now: string;
  /** `accepted`: unhealthy, but a person approved a plan made of it: the new level counts from now on. */
  readonly verdict: 'healthy' | 'unhealthy' | 'accepted';
}

/** Rule 4.3. A weekly schedule still finds its last read. */
const REFERENCE_DAYS = 7;
const DAY_MS = 86_400_000;

function ageInDays(day: string, now: string): number {
  return Math.floor((Date.parse(now.slice(0, 10)) - Date.parse(day)) / DAY_MS);
}

function newest(references: readonly SourceReference[]): SourceReference | null {
  return references.reduce<SourceReference | null>(
    (best, entry) => (best && best.day > entry.day ? best : entry),
    null
  );
}

/** The entries of the last 7 days, else the newest one alone: a connector that runs rarely has a reference too. */
function current(references: readonly SourceReference[], now: string): readonly SourceReference[] {
  const recent = references.filter((entry) => ageInDays(entry.day, now) <= REFERENCE_DAYS);
  const last = newest(references);
  return recent.length > 0 || last === null ? recent : [last];
}

function shrinkage(kind: DeliveredKind, input: SourceHealthInput, references: readonly SourceReference[]): string[] {
  const read = input.reading[kind];
  const reference = Math.max(0, ...references.map((entry) => entry[kind]));
  const allowed = Math.max(input.limits.floor, (reference * input.limits.percent) / 100);
  const since = `in the complete reads of the last ${REFERENCE_DAYS} days there were ${reference}`;
  if (read === 0 && reference > 0) return [`The source delivered no ${kind}; ${since} (rule 4.3).`];
  if (reference - read <= allowed) return [];
  const fewer = Math.floor(allowed * 100) / 100;
  return [`The source delivered ${read} ${kind}; ${since}, and more than ${fewer} fewer is held (rule 4.3).`];
}

/**
 * Judges whether a read that is proved complete is plausible (rule 4.3): per delivered kind not 0 where there was
 * something, not below the highest complete read of the last 7 days with the same scope by more than
 * max(floor, percent), and read with the tenant and permissions of the last read. An unhealthy read holds the whole run.
 * An incomplete read is healthy here: it makes the run additive and holds nothing.
 */
export function sourceHealth(input: SourceHealthInput): HealthVerdict {
  if (!input.reading.complete) return { healthy: true, reasons: [] };
  const reasons: string[] = [];
  const last = newest(input.references);
  if (last !== null && last.identity !== input.identity) {
    reasons.push('The tenant or the permissions of the source changed since the last read (rule 4.3).');
  }
  const sameScope = input.references.filter(
    (entry) => entry.scopeFingerprint === input.scopeFingerprint && entry.identity === input.identity
  );
  const references = current(sameScope, input.now);
  for (const kind of input.delivers) reasons.push(...shrinkage(kind, input, references));
  return { healthy: reasons.length === 0, reasons };
}

/**
 * The references after a read: one entry a day with the highest numbers, of the last 7 days.
 * A read that is incomplete or unhealthy leaves them as they are, so that a fault never becomes the measure.
 * A read with another scope or identity, and an accepted one, start anew. Older entries go only when a newer one comes.
 */
export function noteReference(
  references: readonly SourceReference[],
  reading: SourceReading,
  input: NoteReferenceInput
): SourceReference[] {
  if (!reading.complete || input.verdict === 'unhealthy') return [...references];
  const { scopeFingerprint, identity, now } = input;
  const day = now.slice(0, 10);
  const comparable = references.filter(
    (entry) => entry.scopeFingerprint === scopeFingerprint && entry.identity === identity
  );
  const kept =
    input.verdict === 'accepted' ? [] : comparable.filter((entry) => ageInDays(entry.day, now) <= REFERENCE_DAYS);
  const highest = (kind: DeliveredKind): number =>
    Math.max(reading[kind], ...kept.filter((entry) => entry.day === day).map((entry) => entry[kind]));
  const entry: SourceReference = {
    day,
    users: highest('users'),
    groups: highest('groups'),
    memberships: highest('memberships'),
    scopeFingerprint,
    identity,
  };
  return [...kept.filter((other) => other.day !== day), entry].sort((a, b) => (a.day < b.day ? -1 : 1));
}
