/** What operators filter workflows by in the Temporal UI. Never personal data: search attributes are not encrypted. */
export const SEARCH_ATTRIBUTES = {
  RollcallConnectorId: 'Keyword',
  RollcallTrigger: 'Keyword',
  RollcallStatus: 'Keyword',
  RollcallFailed: 'Int',
} as const;
export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** Those that a namespace lacks, given the names it has. */
export function missingSearchAttributes(present: readonly string[]): SearchAttributeName[] {
  const names = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  return names.filter((name) => !present.includes(name));
}

/** The commands that register them, for an operator whose server does not let Rollcall do it. */
export function registerCommands(names: readonly SearchAttributeName[], namespace: string): string {
  const parts = names.map((name) => `--name ${name} --type ${SEARCH_ATTRIBUTES[name]}`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${parts}`;
}
