import type { ApiClient } from './api-client';
import type { ConnectorAnswer, Page, TargetAnswer } from './answers';
import { usageError } from './exits';
import { looksEqual, secretsHash } from './noted';
import type { Noted } from './noted';
import { BUILT_IN_TARGET } from './wanted';
import type { Wanted, WantedItem } from './wanted';

export interface SetUpOptions {
  readonly api: ApiClient;
  /** Address of the simulated Jira, null when it does not run. */
  readonly jiraUrl: string | null;
  /** Makes hashes of secrets that are of no use without it. */
  readonly key: Buffer;
  readonly noted: Noted;
  readonly print: (line: string) => void;
}

/** A connector that this start is about. */
export interface ChosenConnector {
  readonly id: string;
  /** Run at this start even if it has run before. */
  readonly runNow: boolean;
}

export interface SetUp {
  readonly chosen: readonly ChosenConnector[];
  readonly noted: Noted;
}

const PAGE = 500;

export async function listConnectors(api: ApiClient): Promise<readonly ConnectorAnswer[]> {
  return (await api.get<Page<ConnectorAnswer>>(`/connectors?limit=${PAGE}`)).items;
}

/**
 * Stores what the start brings in, over the API. What is stored already and unchanged makes no new version.
 * @throws StartError where the target `jira` is not the simulated one; ApiRefusal
 */
export async function setUp(wanted: Wanted, options: SetUpOptions): Promise<SetUp> {
  switch (wanted.kind) {
    case 'empty':
      return { chosen: [], noted: await offerSimulatedJira(options) };
    case 'config':
      return storeFile(wanted, options);
    case 'file':
      return storeOwn(wanted, options);
    case 'demo': {
      const others = (await listConnectors(options.api)).map(({ id }) => id).filter((id) => id !== wanted.connector.id);
      const isNew = (await options.api.find(`/connectors/${wanted.connector.id}`)) === null;
      if (others.length === 0 || !isNew) return storeOwn(wanted, options);
      options.print(`The data folder has connectors (${others.join(', ')}), so the demo is not added.`);
      return { chosen: [], noted: options.noted };
    }
  }
}

async function storeOwn(wanted: Extract<Wanted, { file: string }>, options: SetUpOptions): Promise<SetUp> {
  const { connector, file } = wanted;
  const noted = await requireSimulatedJira(options);
  const { api } = options;
  const path = `/connectors/${connector.id}`;
  const found = await api.find<ConnectorAnswer>(path);
  if (found === null) {
    await api.post('/connectors', connector);
  } else {
    const source = found.body.config['source'] as { readonly users?: unknown };
    if (source.users !== file) {
      options.print(`The connector "${connector.id}" is there already: its file changes, everything else stays.`);
      await api.put(path, { ...found.body.config, source: { ...source, users: file } }, found.etag);
    }
  }
  return { chosen: [{ id: connector.id, runNow: true }], noted };
}

async function storeFile(wanted: Extract<Wanted, { kind: 'config' }>, options: SetUpOptions): Promise<SetUp> {
  const secrets: Record<string, string> = { ...options.noted.secrets };
  const store = async (kind: 'target' | 'connector', item: WantedItem): Promise<boolean> => {
    const name = `${kind}:${item.id}`;
    const hash = secretsHash(item, options.key);
    const changed = await storeExactly(options.api, `/${kind}s`, item, secrets[name] === hash);
    secrets[name] = hash;
    return changed;
  };
  for (const target of wanted.targets) await store('target', target);
  const chosen: ChosenConnector[] = [];
  for (const connector of wanted.connectors) {
    chosen.push({ id: connector.id, runNow: await store('connector', connector) });
  }
  return { chosen, noted: { ...options.noted, secrets } };
}

/** @returns whether anything was changed */
async function storeExactly(api: ApiClient, path: string, item: WantedItem, sameSecrets: boolean): Promise<boolean> {
  const found = await api.find<TargetAnswer | ConnectorAnswer>(`${path}/${item.id}`);
  if (found === null) {
    await api.post(path, item.document);
    return true;
  }
  if (sameSecrets && looksEqual(item, found.body.config)) return false;
  await api.put(`${path}/${item.id}`, item.document, found.etag);
  return true;
}

function simulatedTarget(baseUrl: string) {
  return { id: BUILT_IN_TARGET, type: 'jira', baseUrl, auth: { type: 'basic', username: 'admin', password: 'admin' } };
}

/** The simulated Jira as target `jira`, unless the data folder has another target of that name. */
async function offerSimulatedJira(options: SetUpOptions): Promise<Noted> {
  const { api, jiraUrl, noted } = options;
  if (jiraUrl === null) return noted;
  const found = await api.find<TargetAnswer>(`/targets/${BUILT_IN_TARGET}`);
  if (found === null) {
    await api.post('/targets', simulatedTarget(jiraUrl));
    return { ...noted, simulatedJira: jiraUrl };
  }
  const stored = found.body.config['baseUrl'];
  if (stored !== jiraUrl && stored === noted.simulatedJira) {
    // JIRA_SIM_PORT has changed: the same Jira at another address.
    await api.put(`/targets/${BUILT_IN_TARGET}`, { ...found.body.config, baseUrl: jiraUrl }, found.etag);
    return { ...noted, simulatedJira: jiraUrl };
  }
  return stored === jiraUrl ? { ...noted, simulatedJira: jiraUrl } : noted;
}

/** The demo and --users must never write into somebody's real Jira. */
async function requireSimulatedJira(options: SetUpOptions): Promise<Noted> {
  const noted = await offerSimulatedJira(options);
  const found = await options.api.find<TargetAnswer>(`/targets/${BUILT_IN_TARGET}`);
  const baseUrl = found?.body.config['baseUrl'];
  if (baseUrl === options.jiraUrl) return noted;
  throw usageError(
    `the target "${BUILT_IN_TARGET}" of this data folder is ${String(baseUrl)}, not the simulated Jira: ` +
      'use --config with it, or set ROLLCALL_DATA_DIR to another folder for this start'
  );
}
