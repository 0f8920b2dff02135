import { TargetError, type TargetCheckStep } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { checkCrowd } from './crowd';
import { readMyself } from './myself';
import { readPermissions } from './refusals';
import { bad, good, type Finding } from './findings';
import { listAccounts } from './accountListing';
import { readLicences } from './licences';
import { checkOrganizations } from './organizationCheck';
import { REMEDY, remedyFor } from './remedies';
import { USERS_PER_PAGE } from './search';
import type { JiraAuth } from './settings';
import { usersShape } from './shapes';
import { hasTokens, isCloud, isSupported, isTried, readServerInfo, searchCap } from './version';

/** Enough to tell a masked directory from a single account without an address. */
const E_MAIL_SAMPLE = 50;

interface Connection {
  readonly client: JiraClient;
  /** The user server, where it is configured. */
  readonly crowd: JiraClient | null;
  readonly auth: JiraAuth['type'];
}

/**
 * Tries the connection step by step and stops at the first step without which the next ones tell nothing.
 * A step may be ok and still have a remedy: that is a warning. Only an abort by the caller rejects.
 */
export async function testConnection(
  { client, crowd, auth }: Connection,
  signal: AbortSignal
): Promise<readonly TargetCheckStep[]> {
  const steps: TargetCheckStep[] = [];
  const run = async (name: string, find: () => Promise<Finding> | Finding): Promise<boolean> => {
    const finding = await outcomeOf(find);
    signal.throwIfAborted();
    steps.push({ name, ...finding });
    return finding.ok;
  };
  const goesOn =
    (await run('server', () => checkServer(client, auth, signal))) &&
    (await run('login', () => checkLogin(client, signal))) &&
    (await run('permissions', () => checkPermissions(client, signal)));
  if (!goesOn) return steps;
  await run('emails', () => checkEmails(client, signal));
  await run('organizations', () => checkOrganizations(client, signal));
  if (crowd !== null) await run('crowd', () => checkCrowd(crowd, signal));
  await run('accounts', () => checkListing(client, signal));
  await run('rateLimit', () => checkRate(client));
  return steps;
}

async function outcomeOf(find: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return bad(error.message, error.remedy ?? remedyFor(error.kind));
  }
}

async function checkServer(client: JiraClient, auth: JiraAuth['type'], signal: AbortSignal): Promise<Finding> {
  const info = await readServerInfo(client, signal);
  if (isCloud(info)) {
    return bad(
      'this is Jira Cloud',
      'Rollcall writes to Jira Data Center: give the baseUrl of a Data Center instance.'
    );
  }
  if (!isSupported(info)) return bad(`Jira ${info.version} is too old`, 'Use Jira 8.5 or later.');
  if (auth === 'pat' && !hasTokens(info)) {
    return bad(`Jira ${info.version} has no personal access tokens`, REMEDY.tokenTooEarly);
  }
  return isTried(info)
    ? good(`Jira ${info.version}`)
    : good(`Jira ${info.version}`, 'Rollcall was tried with Jira 8.5 to 10.5: make a preview before the first run.');
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

/** Says by which way accounts will be read, and how many requests that takes; asks for the first page only. */
async function checkListing(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  const info = await readServerInfo(client, signal);
  const people = await licensedPeople(client, signal);
  const first = await listAccounts(client, null, signal);
  const listed = first?.items.length ?? 0;
  if (first?.complete === false) {
    const pages = Math.ceil(Math.max(people, listed) / Math.max(1, listed));
    return good(`accounts are listed by GET /user/list, in about ${pages} requests`);
  }
  const cap = searchCap(info);
  if (first !== null && (cap === null || listed < cap)) {
    const pages = Math.ceil(Math.max(people, listed) / USERS_PER_PAGE) + 1;
    return good(`accounts are listed by GET /user/search, in about ${pages} requests`);
  }
  return good(
    `Jira ${info.version} ends its listing of accounts after ${cap}: a run asks for each linked account that no managed group shows, and twice for each newcomer`,
    'Right, but slower: exempt the account from rate limiting, or use a version that lists all accounts.'
  );
}

/** At least so many people have an account; only to estimate by. */
async function licensedPeople(client: JiraClient, signal: AbortSignal): Promise<number> {
  return Math.max(0, ...(await readLicences(client, signal)).map((licence) => licence.used));
}

function checkRate(client: JiraClient): Finding {
  const rate = client.lastRate();
  if (rate === null) return good('no rate limit is in force for the account');
  return good(
    `rate limit: ${rate.fillRate} requests per ${rate.intervalSeconds} s, at most ${rate.limit} at once`,
    'Exempt the account (Administration > System > Rate limiting > Exemptions): a large synchronization takes hours otherwise.'
  );
}
