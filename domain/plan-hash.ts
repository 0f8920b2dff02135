import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical-json';
import type { OperationContent, Phase } from './operation';

/** What of an operation decides its place in the plan. */
export interface OperationOrder {
  readonly phase: Phase;
  /** The text of canonicalOperation. */
  readonly canonical: string;
}

export interface PlanHasher {
  /** Takes the next operation's digest, in the order of compareOperations. @throws Error unless it is 64 hex digits. */
  add(digestHex: string): void;
  /** The hash of what was added so far, as hex. May be asked for once. */
  digest(): string;
}

const DIGEST_PATTERN = /^[0-9a-f]{64}$/;

/**
 * The text of an operation that is hashed and sorted: RFC 8785 JSON of exactly the seven members of its content.
 * Nothing that depends on the run, the shard or the moment is in it (durability 3.1).
 */
export function canonicalOperation(content: OperationContent): string {
  const { phase, kind, targetKey, externalId, before, after, reasons } = content;
  return canonicalJson({ phase, kind, targetKey, externalId, before, after, reasons });
}

/** SHA-256 of the canonical text, as hex. */
export function operationDigest(content: OperationContent): string {
  return digestOfCanonical(canonicalOperation(content));
}

/** The digest of a text that canonicalOperation gave, for callers that keep it for sorting. */
export function digestOfCanonical(canonical: string): string {
  return bytesToHex(sha256(utf8ToBytes(canonical)));
}

/** The order of a plan: by phase, then by canonical text in UTF-16 code units. Zero only for equal content. */
export function compareOperations(a: OperationOrder, b: OperationOrder): number {
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.canonical === b.canonical) return 0;
  return a.canonical < b.canonical ? -1 : 1;
}

/**
 * Hashes a plan as one stream: SHA-256 over the digests of its operations, each as its 32 bytes.
 * Feed it the merged shards in the order of compareOperations; then the hash is the same however the plan was sharded.
 * A plan without operations has the hash of nothing.
 */
export function createPlanHasher(): PlanHasher {
  const hash = sha256.create();
  return {
    add(digestHex) {
      if (!DIGEST_PATTERN.test(digestHex)) throw new Error('plan hash: a digest must be 64 lower-case hex digits');
      hash.update(hexToBytes(digestHex));
    },
    digest: () => bytesToHex(hash.digest()),
  };
}
