import { z } from 'zod';
import { decodeCursor } from '../cursorText';
import { ProviderError } from '../errors';
import { membershipsPage } from '../membershipWalk';
import type { ChangePage, IncrementalReading } from '../provider';
import { followed, NO_TRAIL, trailShape } from '../trail';
import type { OktaApi } from './api';
import { groupFilter, isWanted } from './groups';
import { membershipsOf } from './memberships';
import { DEPROVISIONED, groupOf, userOf } from './records';
import type { OktaSettings } from './settings';
import type { OktaUser } from './shapes';

/** So much before the beginning of a read counts as changed meanwhile: what is told twice does no harm. */
const OVERLAP_MS = 5 * 60_000;

/** First users, then groups, then the members of the groups that changed. */
const placeShape = z.strictObject({
  phase: z.enum(['users', 'groups', 'members']),
  next: z.string().nullable(),
  trail: trailShape,
  /** Where the next reading of changes begins. */
  mark: z.string(),
});
type Place = z.infer<typeof placeShape>;

const markShape = z.iso.datetime();

const EMPTY: Omit<ChangePage, 'cursor' | 'mark'> = {
  ...{ users: [], groups: [], memberships: [], nestings: [], goneUsers: [], goneGroups: [] },
  ...{ rereadGroups: [], onlyKnownUsers: false, incomplete: [] },
};

/**
 * What changed by the times that Okta keeps with users and groups. Who was deleted for good, user or group, leaves no time
 * behind: a full read notices.
 */
export function createOktaChanges(api: OktaApi, settings: OktaSettings): IncrementalReading {
  const mark = async (signal: AbortSignal): Promise<string> =>
    new Date((await api.clock(signal)) - OVERLAP_MS).toISOString();
  return {
    mark,
    listChanges: async ({ since, cursor }, signal) => {
      const from = timeOf(since);
      const place = cursor === null ? started('users', await mark(signal)) : decodeCursor(cursor, placeShape, 'Okta');
      switch (place.phase) {
        case 'users':
          return changedUsers(api, settings, { place, from }, signal);
        case 'groups':
          return changedGroups(api, settings, { place, from }, signal);
        case 'members':
          return changedMembers(api, settings, { place, from }, signal);
      }
    },
  };
}

/** @throws ProviderError cursorExpired for a mark of another version */
function timeOf(since: string): string {
  const time = markShape.safeParse(since);
  if (time.success) return time.data;
  throw new ProviderError('cursorExpired', 'Okta: since when to look for changes is not known: read it from the start');
}

interface Reading {
  readonly place: Place;
  /** ISO time. */
  readonly from: string;
}

const started = (phase: Place['phase'], mark: string): Place => ({ phase, next: null, trail: NO_TRAIL, mark });

/** The place behind a page: the next page, or the beginning of the phase that follows. */
function behind(place: Place, next: string | null, then: Place['phase']): string {
  const after =
    next === null
      ? started(then, place.mark)
      : { ...place, next, trail: followed(place.trail, next, `Okta: list the ${place.phase} that changed`) };
  return JSON.stringify(after);
}

/**
 * By a filter and not by search, whose index lags behind. It shows deprovisioned users, too: as in the full list, they are
 * left out unless the settings want them listed.
 */
async function changedUsers(
  api: OktaApi,
  { pending, deprovisioned }: OktaSettings,
  { place, from }: Reading,
  signal: AbortSignal
): Promise<ChangePage> {
  const { rows, next } = await api.users({ filter: `lastUpdated gt "${from}"` }, place.next, signal);
  const isListed = ({ status }: OktaUser): boolean => deprovisioned || status !== DEPROVISIONED;
  return {
    ...EMPTY,
    users: rows.filter(isListed).map((user) => userOf(user, pending)),
    goneUsers: rows.filter((user) => !isListed(user)).map(({ id }) => id),
    cursor: behind(place, next, 'groups'),
    mark: null,
  };
}

const changedSince = (settings: OktaSettings, from: string): string =>
  `(${groupFilter(settings)}) and (lastUpdated gt "${from}" or lastMembershipUpdated gt "${from}")`;

async function changedGroups(
  api: OktaApi,
  settings: OktaSettings,
  { place, from }: Reading,
  signal: AbortSignal
): Promise<ChangePage> {
  const { rows, next } = await api.groups(changedSince(settings, from), place.next, signal);
  const groups = rows.filter((group) => isWanted(group, settings));
  return {
    ...EMPTY,
    groups: groups.map(groupOf),
    rereadGroups: groups.map(({ id }) => id),
    cursor: behind(place, next, 'members'),
    mark: null,
  };
}

async function changedMembers(
  api: OktaApi,
  settings: OktaSettings,
  { place, from }: Reading,
  signal: AbortSignal
): Promise<ChangePage> {
  const source = membershipsOf(api, settings, changedSince(settings, from), signal);
  const { items, cursor, incomplete = [] } = await membershipsPage(source, place.next);
  const memberships = items.map(({ record }) => record);
  const after = cursor === null ? null : JSON.stringify({ ...place, next: cursor });
  return { ...EMPTY, memberships, incomplete, cursor: after, mark: after === null ? place.mark : null };
}
