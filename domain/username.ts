/** Longest username, group name and display name that Jira stores, in UTF-16 units. */
export const NAME_LENGTH_LIMIT = 255;

/** Control characters and halves of surrogate pairs: no name holds them and no store takes the halves. */
const UNWRITABLE = /[\p{Cc}\p{Cs}]/u;

/** True for a text that may be written as a display name or a group name. */
export function isWritableName(text: string): boolean {
  return text.trim() !== '' && text.length <= NAME_LENGTH_LIMIT && !UNWRITABLE.test(text);
}

/** True for a text that Jira takes as a username: no `<`, `>`, `&`, no blanks, at most 255 (rules 1.5). */
export function isUsername(text: string): boolean {
  return isWritableName(text) && !/[<>&\s]/.test(text);
}
