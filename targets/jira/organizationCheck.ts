import { TargetError } from '../target';
import type { JiraClient } from './client';
import { good, type Finding } from './findings';
import { listOrganizations } from './organizations';

const AGENT =
  'To keep organizations, make the account an agent (application access to Jira Service Management) and, where "Organization management" is restricted to administrators, leave it a Jira administrator.';

/** Organizations are optional: what is missing is a warning, never a failure. */
export async function checkOrganizations(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  try {
    const { items } = await listOrganizations(client, null, signal);
    return items.length > 0
      ? good('organizations of Jira Service Management are readable')
      : good('no organization of Jira Service Management is visible', AGENT);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    if (error.status === 404) return good('Jira Service Management is not installed');
    if (error.status === 401 || error.status === 403) return good('organizations may not be read', AGENT);
    return good(`organizations were not read: ${error.message}`, AGENT);
  }
}
