import { z } from 'zod';
import { ProviderError } from '../errors';
import { positionShape, type Position } from './position';
import { levelShape, type Level } from './walk';

/** A group whose members are being read. */
export interface OpenGroup {
  readonly group: string;
  /** Ids of the groups above it, the outermost first. */
  readonly parents: readonly string[];
  readonly position: Position;
}

/** Where a listing of memberships goes on: first the open groups, then the walk. */
export interface MembershipsPlace {
  readonly levels: readonly Level[];
  readonly open: readonly OpenGroup[];
}

const MOST_LEVELS = 1_000;
const levelsShape = z.array(levelShape).max(MOST_LEVELS);
const openShape = z.strictObject({ group: z.string(), parents: z.array(z.string()), position: positionShape });
const membershipsShape = z.strictObject({ levels: levelsShape, open: z.array(openShape) });

/** Cursors are JSON without names of people: ids of groups, fingerprints and numbers (they stand in histories). */
export const encode = (place: Position | readonly Level[] | MembershipsPlace): string => JSON.stringify(place);

export const decodePosition = (cursor: string): Position => decode(cursor, positionShape);
export const decodeLevels = (cursor: string): readonly Level[] => decode(cursor, levelsShape);
export const decodeMemberships = (cursor: string): MembershipsPlace => decode(cursor, membershipsShape);

/** @throws ProviderError cursorExpired for a cursor of another version, or none at all */
function decode<T>(cursor: string, shape: z.ZodType<T>): T {
  const decoded = shape.safeParse(parsed(cursor));
  if (decoded.success) return decoded.data;
  throw new ProviderError('cursorExpired', 'the place in the realm is not known: read it from the start');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
