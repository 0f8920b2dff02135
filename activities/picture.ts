import type { ConnectorConfig } from '../config/connector';
import { sliceOf } from '../domain/ids';
import { mapUser } from '../domain/mapping/user';
import type { SourceUser } from '../domain/model';
import type { AvatarImage } from '../targets/extras';
import type { ActivityDeps } from './deps';

const DATA_URL = /^data:(image\/(?:png|jpeg|gif));base64,/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const BLANKS = /\s+/g;
const SIGNATURES = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '474946383961'],
  ['image/gif', '474946383761'],
] as const;
/** Of the longest signature. */
const SIGNATURE_BYTES = 8;

/**
 * The picture that a source delivers as Base64 or as data URL, or null for anything else. Its type is what its bytes say,
 * never what somebody claims.
 */
export function pictureFrom(text: string): AvatarImage | null {
  const encoded = text.replace(DATA_URL, '').replace(BLANKS, '');
  if (!BASE64.test(encoded)) return null;
  const bytes = Buffer.from(encoded, 'base64');
  const start = bytes.subarray(0, SIGNATURE_BYTES).toString('hex');
  const [type] = SIGNATURES.find(([, signature]) => start.startsWith(signature)) ?? [];
  return type === undefined ? null : { type, bytes };
}

/** The picture that the mapping makes of a source user, as text; null where there is none. */
export function wantedPicture(user: SourceUser, { mapping }: ConnectorConfig): string | null {
  const avatar = mapUser(user, mapping).wanted?.avatar ?? 'keep';
  return avatar === 'keep' ? null : avatar.set;
}

/** The same of the user as a run read him. */
export async function snapshotPicture(
  { store }: ActivityDeps,
  settings: ConnectorConfig,
  runId: string,
  externalId: string
): Promise<string | null> {
  const slice = sliceOf(externalId);
  const users = await store.snapshots.inSlices(runId, 'user', { from: slice, to: slice });
  const user = users.find((one) => one.externalId === externalId);
  return user === undefined ? null : wantedPicture(user, settings);
}
