import { z } from 'zod';
import type { SourceUser } from '../../domain/model';
import { decodeCursor } from '../cursorText';
import type { Page } from '../provider';
import { isSameTally, NO_TALLY, tallied, tallyShape, type Tally } from '../tally';
import { followed, NO_TRAIL, trailShape } from '../trail';
import type { GoogleApi } from './api';
import { plainBase64, userOf } from './records';
import type { GoogleSettings } from './settings';
import type { GoogleUser } from './shapes';

/** All users are listed, and their ids once more: Google counts nothing that would prove the first list. */
const placeShape = z.strictObject({
  pass: z.enum(['users', 'proof']),
  next: z.string().nullable(),
  trail: trailShape,
  users: tallyShape,
  proof: tallyShape,
});
type Place = z.infer<typeof placeShape>;

const START: Place = { pass: 'users', next: null, trail: NO_TRAIL, users: NO_TALLY, proof: NO_TALLY };
const LIST = 'Google: list the users';

/** The next page of users. */
export async function usersPage(
  api: GoogleApi,
  settings: GoogleSettings,
  cursor: string | null,
  signal: AbortSignal
): Promise<Page<SourceUser>> {
  const place = cursor === null ? START : decodeCursor(cursor, placeShape, 'Google');
  return place.pass === 'users' ? listed(api, settings, place, signal) : proved(api, place, signal);
}

async function listed(
  api: GoogleApi,
  { photos }: GoogleSettings,
  place: Place,
  signal: AbortSignal
): Promise<Page<SourceUser>> {
  const { rows, next } = await api.users(place.next, signal);
  const records = await Promise.all(rows.map((user) => withPhoto(api, user, photos, signal)));
  const users = tallied(place.users, idsOf(rows));
  const after: Place =
    next === null
      ? { ...START, pass: 'proof', users }
      : { ...place, next, users, trail: followed(place.trail, next, LIST) };
  return { items: records.map((record) => ({ record, place: null })), cursor: JSON.stringify(after) };
}

async function withPhoto(api: GoogleApi, user: GoogleUser, photos: boolean, signal: AbortSignal): Promise<SourceUser> {
  if (!photos || typeof user.thumbnailPhotoEtag !== 'string') return userOf(user);
  const photo = await api.photo(user.id, signal);
  return userOf(user, photo === null ? null : plainBase64(photo));
}

async function proved(api: GoogleApi, place: Place, signal: AbortSignal): Promise<Page<SourceUser>> {
  const { rows, next } = await api.userIds(place.next, signal);
  const proof = tallied(place.proof, rows);
  if (next !== null) {
    const after: Place = { ...place, next, proof, trail: followed(place.trail, next, LIST) };
    return { items: [], cursor: JSON.stringify(after) };
  }
  return { items: [], cursor: null, ...unlessSame(place.users, proof) };
}

function unlessSame(users: Tally, proof: Tally): Pick<Page<SourceUser>, 'incomplete'> {
  if (isSameTally(users, proof)) return {};
  const numbers = `${users.count} users at first, ${proof.count} at the end`;
  return { incomplete: [`users: people came or went while they were read, or a page was lost (${numbers})`] };
}

const idsOf = (rows: readonly GoogleUser[]): readonly string[] => rows.map(({ id }) => id);
