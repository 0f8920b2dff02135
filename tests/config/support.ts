import { createConfigSchema } from '../../config/schema';
import { ConfigurationError, type ConfigurationIssue } from '../../config/errors';
import { providerDefinitions } from '../../connectors/registry';
import { checkSchedule } from '../../domain/schedule';

const NOW = Date.parse('2026-03-01T00:00:00Z');

/** The schema as an entry point makes it, at a fixed time and with paths from /srv. */
export const schema = createConfigSchema({
  definitions: providerDefinitions({ baseDirectory: '/srv' }),
  checkSchedule,
  now: () => NOW,
});

/** The smallest connector, with changes. */
export const connector = (changes: object = {}) => ({
  id: 'people',
  target: 'jira',
  source: { type: 'file', users: 'people.csv' },
  ...changes,
});

/** The smallest target, with changes. */
export const target = (changes: object = {}) => ({
  id: 'jira',
  type: 'jira',
  baseUrl: 'https://jira.example.com',
  auth: { type: 'pat', token: 'abc-123' },
  ...changes,
});

/** What is wrong, as `path: message` lines; fails when nothing is. */
export function issuesOf(parse: () => unknown): readonly ConfigurationIssue[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.issues;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** What is wrong with the smallest connector when it is changed so. */
export const connectorIssues = (changes: object) => issuesOf(() => schema.parseConnector(connector(changes)));
