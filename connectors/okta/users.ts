import { z } from 'zod';
import type { SourceUser } from '../../domain/model';
import { decodeCursor } from '../cursorText';
import type { Page } from '../provider';
import { followed, NO_TRAIL, trailShape } from '../trail';
import type { OktaApi } from './api';
import { EVERYONE_FILTER, everyoneIn } from './groups';
import { DEPROVISIONED, userOf } from './records';
import type { OktaSettings } from './settings';
import { userShape, type OktaUser } from './shapes';

/**
 * Where the listing of users is: `listed` is Okta's own list, `deprovisioned` those that it leaves out, `everyone` the
 * members of the group Everyone, which are read when the list has fewer users than that group.
 */
const placeShape = z.strictObject({
  pass: z.enum(['listed', 'deprovisioned', 'everyone']),
  next: z.string().nullable(),
  trail: trailShape,
  /** Users in the list of Okta, those that are deprovisioned aside. */
  listed: z.int().min(0),
  /** Of the group Everyone: its id, the members that Okta counts, and those that were read. */
  everyone: z.strictObject({ id: z.string(), counted: z.int().min(0), read: z.int().min(0) }).nullable(),
});
type Place = z.infer<typeof placeShape>;

const START: Place = { pass: 'listed', next: null, trail: NO_TRAIL, listed: 0, everyone: null };
const ONLY_DEPROVISIONED = { filter: `status eq "${DEPROVISIONED}"` } as const;

/** The next page of users. Who is in two lists comes twice; the later one counts. */
export async function usersPage(
  api: OktaApi,
  settings: OktaSettings,
  cursor: string | null,
  signal: AbortSignal
): Promise<Page<SourceUser>> {
  const place = cursor === null ? START : decodeCursor(cursor, placeShape, 'Okta');
  const { rows, next } = await readPass(api, place, signal);
  const items = rows.map((user) => ({ record: userOf(user, settings.pending), place: null }));
  const counted = countedOn(place, rows);
  if (next !== null) {
    const trail = followed(place.trail, next, 'Okta: list the users');
    return { items, cursor: JSON.stringify({ ...counted, next, trail }) };
  }
  const { after, incomplete } = await passAfter(api, settings, counted, signal);
  return {
    items,
    cursor: after === null ? null : JSON.stringify(after),
    ...(incomplete !== undefined && { incomplete: [incomplete] }),
  };
}

async function readPass(
  api: OktaApi,
  { pass, next, everyone }: Place,
  signal: AbortSignal
): Promise<{ readonly rows: readonly OktaUser[]; readonly next: string | null }> {
  switch (pass) {
    case 'listed':
      return api.users(null, next, signal);
    case 'deprovisioned':
      return api.users(ONLY_DEPROVISIONED, next, signal);
    case 'everyone':
      return (await api.members(everyone?.id ?? '', userShape, next, signal)) ?? { rows: [], next: null };
  }
}

function countedOn(place: Place, rows: readonly OktaUser[]): Place {
  const { pass, listed, everyone } = place;
  const live = rows.filter(({ status }) => status !== DEPROVISIONED).length;
  if (pass === 'listed') return { ...place, listed: listed + live };
  if (pass === 'everyone' && everyone !== null) {
    return { ...place, everyone: { ...everyone, read: everyone.read + live } };
  }
  return place;
}

interface After {
  readonly after: Place | null;
  readonly incomplete?: string;
}

async function passAfter(api: OktaApi, settings: OktaSettings, place: Place, signal: AbortSignal): Promise<After> {
  if (place.pass === 'listed' && settings.deprovisioned) return { after: { ...started(place), pass: 'deprovisioned' } };
  if (place.pass === 'everyone') return judged(place);
  if (settings.memberCounts === 'ignore') return { after: null };
  const everyone = await everyoneOf(api, signal);
  if (everyone === null || place.listed >= everyone.counted) return { after: null };
  return { after: { ...started(place), pass: 'everyone', everyone } };
}

const started = (place: Place): Place => ({ ...place, next: null, trail: NO_TRAIL });

/** A group administrator does not see the group: then nothing is proved by it. */
async function everyoneOf(api: OktaApi, signal: AbortSignal): Promise<Place['everyone']> {
  const { rows } = await api.groups(EVERYONE_FILTER, null, signal);
  const everyone = everyoneIn(rows);
  const counted = everyone?._embedded?.stats?.usersCount;
  return everyone === undefined || counted === undefined ? null : { id: everyone.id, counted, read: 0 };
}

/** Two ways to read everybody that agree, or as many as Okta counts: nobody is lost. */
function judged({ listed, everyone }: Place): After {
  if (everyone === null || everyone.read >= everyone.counted || listed >= everyone.read) return { after: null };
  const said = `Okta counts ${everyone.counted} in the group Everyone, ${listed} users were listed`;
  return { after: null, incomplete: `users: ${said} and ${everyone.read} of its members` };
}
