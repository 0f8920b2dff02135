import type { IdentityProvider, LookUp } from '../../connectors/provider';
import type { SliceRange } from '../../domain/ids';
import type { RunRecord } from '../../store/records';
import type { Store } from '../../store/store';

/** What of a provider is no call: it describes the source. */
const DESCRIPTIONS: ReadonlySet<PropertyKey> = new Set<keyof IdentityProvider>(['capabilities', 'identity']);

export interface StoredSourceInput {
  readonly provider: IdentityProvider;
  readonly store: Pick<Store, 'snapshots' | 'links'>;
  readonly run: Pick<RunRecord, 'id' | 'connectorId'>;
  /** Of the shard whose people are looked up. */
  readonly range: SliceRange;
}

/**
 * A source that answers look-ups from what a run noted of each person, and asks nobody. Who is absent from the snapshot
 * and was not planned by the run, or was not proved to be gone, stays unknown: nothing is concluded from it.
 */
export function storedSource({ provider, store, run, range }: StoredSourceInput): IdentityProvider {
  const lookUpUsers: IdentityProvider['lookUpUsers'] = async (ids) => {
    const noted = new Map(
      (await store.snapshots.standings(run.id, range)).map((standing) => [standing.externalId, standing])
    );
    const links = new Map((await store.links.inSlices(run.connectorId, range)).map((link) => [link.externalId, link]));
    const answer = (id: string): LookUp => {
      const isProved = noted.get(id)?.reasons.every(({ code }) => code !== 'absentUnproved') ?? false;
      if (!isProved) return 'unknown';
      const { disabledSince = null, missingSince = null } = links.get(id) ?? {};
      // Left out of the list by a provider that, asked by id, calls the person disabled.
      const isDisabled = disabledSince !== null && missingSince === null;
      return isDisabled ? { found: { externalId: id, active: false, attributes: {} } } : 'absent';
    };
    return new Map(ids.map((id) => [id, answer(id)]));
  };
  return new Proxy(provider, {
    get: (inner, name): unknown => {
      if (name === 'lookUpUsers') return lookUpUsers;
      if (DESCRIPTIONS.has(name)) return Reflect.get(inner, name);
      throw new Error(`a what-if asks no source: ${String(name)}`);
    },
  });
}
