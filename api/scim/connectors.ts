import { scimSettingsOf } from '../../config/scim';
import { scimKinds } from '../../domain/scim/kinds';
import type { ApiDependencies } from '../dependencies';
import { readStored } from '../stored-configuration';
import type { ScimConnector } from './call';

/** For so long what the store said of a connector is believed. */
const BELIEVED_MS = 5_000;
const KEPT = 1_000;

interface Believed {
  readonly connector: ScimConnector | null;
  readonly until: number;
}

/** The connectors to which providers may push. */
export class ScimConnectors {
  readonly #believed = new Map<string, Believed>();
  constructor(private readonly deps: ApiDependencies) {}

  /** @returns null when there is none of this id, it is of another source, or is being removed */
  async get(id: string): Promise<ScimConnector | null> {
    const now = this.deps.clock().getTime();
    const known = this.#believed.get(id);
    if (known !== undefined && known.until > now) return known.connector;
    const connector = await this.#read(id);
    if (this.#believed.size >= KEPT) this.#believed.clear();
    this.#believed.set(id, { connector, until: now + BELIEVED_MS });
    return connector;
  }

  async #read(id: string): Promise<ScimConnector | null> {
    const { connectors } = this.deps.store;
    const record = await connectors.get(id);
    if (record === null || record.deleting) return null;
    const version = await connectors.version(id, record.version);
    const config = version && readStored(this.deps, version);
    const settings = config && scimSettingsOf(config.source);
    return settings && { id, settings, kinds: scimKinds(settings.extension) };
  }
}
