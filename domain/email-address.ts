const EMAIL_LENGTH_LIMIT = 254;
const LOCAL_PART_LENGTH_LIMIT = 64;
const LABEL_LENGTH_LIMIT = 63;

/** What an address never holds outside quotes; quoted local parts are not accepted. */
const FORBIDDEN = /[\s\p{Cc}\p{Cs}<>()[\]\\,;:"]/u;
const LABEL_CHARACTERS = /^[\p{L}\p{M}\p{N}-]+$/u;

/**
 * True for the plain form local@domain. Each check is one pass over the text, so the time is linear: an address from
 * outside must not be able to stop a run.
 */
export function isEmailAddress(text: string): boolean {
  if (text.length > EMAIL_LENGTH_LIMIT || FORBIDDEN.test(text)) return false;
  const at = text.indexOf('@');
  if (at < 1 || at > LOCAL_PART_LENGTH_LIMIT) return false;
  return (
    !hasMisplacedDot(text.slice(0, at)) &&
    text
      .slice(at + 1)
      .split('.')
      .every(isLabel)
  );
}

/** The part after the last '@' in lower case, or null where there is no '@'. */
export function domainOf(email: string): string | null {
  const at = email.lastIndexOf('@');
  return at < 0
    ? null
    : email
        .slice(at + 1)
        .trim()
        .toLowerCase();
}

function hasMisplacedDot(local: string): boolean {
  return local.startsWith('.') || local.endsWith('.') || local.includes('..');
}

function isLabel(label: string): boolean {
  if (label.length > LABEL_LENGTH_LIMIT || label.startsWith('-') || label.endsWith('-')) return false;
  return LABEL_CHARACTERS.test(label);
}
