import { TargetError, type TargetCheckStep } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { readMyself } from './myself';
import { readPermissions } from './refusals';
import { remedyFor } from './remedies';
import { usersShape } from './shapes';
import { capabilitiesOf, isCloud, readServerInfo } from './version';

interface Finding {
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy: string | null;
}

/** Enough to tell a masked directory from a single account without an address. */
const E_MAIL_SAMPLE = 50;

const good = (detail: string, remedy: string | null = null): Finding => ({ ok: true, detail, remedy });
const bad = (detail: string, remedy: string): Finding => ({ ok: false, detail, remedy });

/**
 * Tries the connection step by step and stops at the first step without which the next ones tell nothing.
 * A step may be ok and still have a remedy: that is a warning. Only an abort by the caller rejects.
 */
export async function testConnection(client: JiraClient, signal: AbortSignal): Promise<readonly TargetCheckStep[]> {
  const steps: TargetCheckStep[] = [];
  const run = async (name: string, find: () => Promise<Finding> | Finding): Promise<boolean> => {
    const finding = await outcomeOf(find);
    signal.throwIfAborted();
    steps.push({ name, ...finding });
    return finding.ok;
  };
  const goesOn =
    (await run('server', () => checkServer(client, signal))) &&
    (await run('login', () => checkLogin(client, signal))) &&
    (await run('permissions', () => checkPermissions(client, signal)));
  if (!goesOn) return steps;
  await run('emails', () => checkEmails(client, signal));
  await run('rateLimit', () => checkRate(client));
  return steps;
}

async function outcomeOf(find: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return bad(error.message, remedyFor(error.kind));
  }
}

async function checkServer(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  const info = await readServerInfo(client, signal);
  if (isCloud(info)) {
    return bad(
      'this is Jira Cloud',
      'Rollcall writes to Jira Data Center: give the baseUrl of a Data Center instance.'
    );
  }
  const { listUsers, canDeactivate } = capabilitiesOf(info);
  if (listUsers === 'full' && canDeactivate) return good(`Jira ${info.version}`);
  return bad(
    `Jira ${info.version} does not list all of its accounts over REST`,
    'Use Jira 8.13 to 9.x, for example the long-term support release 9.12.'
  );
}

async function checkLogin(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  await readMyself(client, signal);
  return good('the credentials are accepted');
}

async function checkPermissions(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  const { ADMINISTER, SYSTEM_ADMIN } = (await readPermissions(client, signal)).permissions;
  if (ADMINISTER?.havePermission !== true) {
    return bad(
      'the account does not administer Jira',
      'Give it the global permission "Jira Administrators" (Administration > System > Global permissions).'
    );
  }
  if (SYSTEM_ADMIN?.havePermission === true) return good('the account is a system administrator');
  return good(
    'the account administers Jira but is no system administrator',
    'Accounts of system administrators will be refused to it. Grant "Jira System Administrators" if they are to be synchronized.'
  );
}

async function checkEmails(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  const query = { username: '.', includeInactive: 'true', startAt: '0', maxResults: String(E_MAIL_SAMPLE) };
  const call: JiraCall = { step: 'read e-mail addresses', method: 'GET', path: '/user/search', query };
  const users = await client.request(call, usersShape, signal);
  const addresses = users.map((user) => user.emailAddress ?? '');
  if (addresses.some((address) => address.includes('@'))) return good('e-mail addresses are readable');
  if (users.length === 0) return bad('no account is listed', 'Check that the account may browse users.');
  return bad(
    addresses.every((address) => address === '') ? 'e-mail addresses are hidden' : 'e-mail addresses are masked',
    'Set "User email visibility" to "Public" or "Logged in users only" (Administration > System > General configuration).'
  );
}

function checkRate(client: JiraClient): Finding {
  const rate = client.lastRate();
  if (rate === null) return good('no rate limit is in force for the account');
  return good(
    `rate limit: ${rate.fillRate} requests per ${rate.intervalSeconds} s, at most ${rate.limit} at once`,
    'Exempt the account (Administration > System > Rate limiting > Exemptions): a large synchronization takes hours otherwise.'
  );
}
