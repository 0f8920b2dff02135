import type { z } from 'zod';
import { pathText } from '../../config/errors';
import { schemaIssues } from '../../config/section';
import { plainWords } from '../../config/words';
import { Problem } from './problem';
import type { FieldError } from './problem';

/** Deeper bodies are refused before anything walks them. */
const BODY_DEPTH_LIMIT = 32;
const REQUEST_ID_PATTERN = /^[A-Za-z0-9_-]{8,128}$/;
const HASH_PATTERN = /^[0-9a-f]{64}$/;
const VERSION_TAG_PATTERN = /^"(\d{1,9})"$|^(\d{1,9})$/;

export type RequestPart = 'params' | 'query' | 'body';

function fieldErrors(error: z.ZodError, part: RequestPart): readonly FieldError[] {
  const prefix = part === 'body' ? [] : [part];
  return schemaIssues(error).map(({ path, message }) => ({ path: pathText([...prefix, ...path]), message }));
}

/**
 * Parses one part of a request.
 * @throws Problem not-found for a wrong path parameter (no such thing can exist), bad-request for the query, invalid for the body
 */
export function parsePart(schema: z.ZodType | undefined, value: unknown, part: RequestPart): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value, { error: plainWords });
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, part);
  if (part === 'params') throw new Problem('not-found', 'There is nothing under this address.', { errors });
  if (part === 'query') throw new Problem('bad-request', 'The query is not valid.', { errors });
  throw new Problem('invalid', 'The body is not valid.', { errors });
}

/** @throws Problem invalid when the JSON value nests deeper than the limit */
export function refuseDeepBody(value: unknown): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > BODY_DEPTH_LIMIT) {
      throw new Problem('invalid', `The body nests deeper than ${BODY_DEPTH_LIMIT} levels.`, {
        errors: [{ path: '', message: `must not nest deeper than ${BODY_DEPTH_LIMIT} levels` }],
      });
    }
    level = level.flatMap((item): readonly unknown[] =>
      typeof item === 'object' && item !== null ? Object.values(item) : []
    );
  }
}

/**
 * The Idempotency-Key header, or null without one.
 * @throws Problem bad-request when it has another form than ^[A-Za-z0-9_-]{8,128}$
 */
export function parseIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (REQUEST_ID_PATTERN.test(header)) return header;
  throw new Problem('bad-request', 'The Idempotency-Key is not valid.', {
    errors: [{ path: 'headers.idempotency-key', message: 'must be 8 to 128 letters, digits, "-" or "_"' }],
  });
}

/**
 * The hash that Rollcall-Acknowledge names, or null without the header.
 * @throws Problem bad-request when it is no hash
 */
export function parseAcknowledge(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (HASH_PATTERN.test(header)) return header;
  throw new Problem('bad-request', 'Rollcall-Acknowledge is not valid.', {
    errors: [{ path: 'headers.rollcall-acknowledge', message: 'must be the hash that a what-if answered' }],
  });
}

/**
 * The version that If-Match names ("3" with or without quotes).
 * @throws Problem precondition-required without the header, bad-request when it names no version
 */
export function parseIfMatch(header: string | undefined): number {
  if (header === undefined) {
    throw new Problem('precondition-required', 'Send the ETag that you read as If-Match, so that no change gets lost.');
  }
  const match = VERSION_TAG_PATTERN.exec(header.trim());
  const digits = match?.[1] ?? match?.[2];
  if (digits !== undefined) return Number(digits);
  throw new Problem('bad-request', 'If-Match must be the one ETag that you read.', {
    errors: [{ path: 'headers.if-match', message: 'must be an ETag as GET answers it, for example "3"' }],
  });
}

/** The ETag of a version. */
export const versionTag = (version: number): string => `"${version}"`;
