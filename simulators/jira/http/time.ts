/** The form in which Jira writes times, with milliseconds and the offset of its zone. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
