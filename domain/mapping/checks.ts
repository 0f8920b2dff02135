import { isEmailAddress } from '../email-address';
import type { AttributeName } from '../mapping';
import { isUsername, isWritableName } from '../username';

/** Longest property of a user, in UTF-16 units: Jira takes 32,768 bytes, of which one unit needs up to six as JSON. */
export const PROPERTY_LENGTH_LIMIT = 5_000;
/** Longest picture as text (an address, or its bytes as Base64). */
export const AVATAR_LENGTH_LIMIT = 2_000_000;

const UNWRITABLE = /[\p{Cc}\p{Cs}]/u;

/** True for a text that the target takes for this attribute (rules 1.5). Linear in the text's length. */
export function isValidFor(name: AttributeName, text: string): boolean {
  switch (name) {
    case 'username':
      return isUsername(text);
    case 'email':
      return isEmailAddress(text);
    case 'displayName':
    case 'organizations':
      return isWritableName(text);
    case 'active':
      return text === 'true' || text === 'false';
    case 'avatar':
      return text.length <= AVATAR_LENGTH_LIMIT && !UNWRITABLE.test(text);
    default:
      return text.length <= PROPERTY_LENGTH_LIMIT && !UNWRITABLE.test(text);
  }
}
