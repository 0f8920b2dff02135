import { fingerprint } from '../ids';
import { badRequest } from './error';

/** A place in a list: behind the resource with this number of the sequence, or behind so many of a sorted list. */
export interface ScimCursor {
  readonly after: number;
}

/** Only letters, digits and '-' (RFC 9865 2): it stands in addresses. `list` names what is listed: kind, filter, order. */
export const encodeScimCursor = (list: string, { after }: ScimCursor): string => `${fingerprint(list)}-${after}`;

/** @throws ScimError invalidCursor when another list gave it out, or none did */
export function decodeScimCursor(list: string, cursor: string): ScimCursor {
  const parts = /^([0-9a-f]{16})-(\d{1,15})$/.exec(cursor);
  if (parts === null || parts[1] !== fingerprint(list)) {
    throw badRequest('invalidCursor', 'The cursor is not one that this list gave out.');
  }
  return { after: Number(parts[2]) };
}
