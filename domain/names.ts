/**
 * The comparison key of a target name: NFC, then lower case of the root locale (rules 1.5).
 * Jira compares by its lower-cased name; 'İ' and 'ß' keep their own keys.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The comparison key of an e-mail address: as a name, surrounding blanks do not count. */
export function emailKey(email: string): string {
  return nameKey(email.trim());
}
