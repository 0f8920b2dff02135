import { z } from 'zod';
import { ProviderError } from '../errors';
import { positionShape, START, type Position } from './position';
import { nextRows, type NextRows } from './rows';
import type { KeycloakGroup } from './shapes';

/** A level of the group tree that is being read: the children of a group, or the top (null), and how far. */
export interface Level {
  readonly parent: string | null;
  readonly position: Position;
}

export const levelShape = z.strictObject({ parent: z.string().nullable(), position: positionShape });

/** Reads the children of a group, or the top-level groups; null when the group is gone. */
export type FetchGroups = (
  parent: string | null,
  first: number,
  max: number
) => Promise<readonly KeycloakGroup[] | null>;

export interface WalkedGroup {
  readonly group: KeycloakGroup;
  /** Ids of the groups above it, the outermost first. */
  readonly parents: readonly string[];
}

interface LiveLevel {
  parent: string | null;
  position: Position;
  /** Read and not yet given out: from `taken` on. */
  read: NextRows<KeycloakGroup> | null;
  taken: number;
}

const liveLevel = ({ parent, position }: Level): LiveLevel => ({ parent, position, read: null, taken: 0 });

/** Every group of the realm, each parent before its children. Goes on from any place it was at, in another process too. */
export class GroupWalk {
  readonly #stack: LiveLevel[];
  #requests = 0;

  constructor(levels: readonly Level[] = [{ parent: null, position: START }]) {
    this.#stack = levels.map(liveLevel);
  }

  /** Requests made so far by this walk. */
  get requests(): number {
    return this.#requests;
  }

  /** Where it is; empty at the end. */
  levels(): readonly Level[] {
    this.#leaveEnded();
    return this.#stack.map(({ parent, position }) => ({ parent, position }));
  }

  /** The next group, or null at the end. */
  async next(fetch: FetchGroups): Promise<WalkedGroup | null> {
    for (;;) {
      this.#leaveEnded();
      const level = this.#stack.at(-1);
      if (level === undefined) return null;
      const group = level.read?.rows[level.taken];
      if (group === undefined) await this.#read(level, fetch);
      else return this.#take(level, group);
    }
  }

  #take(level: LiveLevel, group: KeycloakGroup): WalkedGroup {
    level.position = level.read?.positions[level.taken] ?? level.position;
    level.taken += 1;
    const parents = this.#stack.flatMap(({ parent }) => (parent === null ? [] : [parent]));
    if (subGroupsOf(group) > 0) this.#stack.push(liveLevel({ parent: group.id, position: START }));
    return { group, parents };
  }

  async #read(level: LiveLevel, fetch: FetchGroups): Promise<void> {
    const from = level.read?.position ?? level.position;
    const read = await nextRows((first, max) => {
      this.#requests += 1;
      return fetch(level.parent, first, max);
    }, from);
    level.position = from;
    level.read = read;
    level.taken = 0;
  }

  #leaveEnded(): void {
    for (;;) {
      const level = this.#stack.at(-1);
      const isDone = level?.read?.ended === true && level.taken >= level.read.rows.length;
      if (!isDone) return;
      this.#stack.pop();
    }
  }
}

/** Without the number nobody knows whether a group has children: reading on would lose whole branches. */
function subGroupsOf({ subGroupCount }: KeycloakGroup): number {
  if (typeof subGroupCount === 'number') return subGroupCount;
  throw new ProviderError('configuration', 'Keycloak does not say which groups have sub-groups: 23 or newer is needed');
}
