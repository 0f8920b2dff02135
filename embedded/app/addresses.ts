/** Where a person finds what runs now; null for what does not run here. */
export interface Addresses {
  readonly apiUrl: string;
  readonly temporalUiUrl: string | null;
  readonly jiraUrl: string | null;
  readonly jiraVersion: string;
  readonly tokenPlace: string;
  readonly dataDir: string;
}

/** The addresses and what to do next, as lines. `rollcall` is how the command line of this checkout is called. */
export function addressLines(addresses: Addresses, rollcall: string): readonly string[] {
  const { apiUrl, temporalUiUrl, jiraUrl, jiraVersion, tokenPlace, dataDir } = addresses;
  const jira = jiraUrl === null ? null : `${jiraUrl}  (simulated ${jiraVersion}; admin / admin)`;
  const rows: readonly (readonly [string, string | null])[] = [
    ['API', `${apiUrl}  (all calls: ${apiUrl}/docs)`],
    ['Temporal UI', temporalUiUrl],
    ['Jira', jira],
    ['Admin token', tokenPlace],
    ['Data, logs', dataDir],
  ];
  const shown = rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(13)}${value}`]));
  return ['', ...shown, '', `  Look closer: ${rollcall} --help`, '  Ctrl-C stops everything; the data stays.'];
}
