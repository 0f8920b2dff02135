import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountName, AvatarImage } from '../extras';
import { TargetError } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { readProperty, writeProperty } from './properties';
import { write } from './refusals';
import { avatarShape, croppingShape } from './shapes';

/** The property that keeps the hash of the picture Rollcall set last. */
const AVATAR_PROPERTY = 'rollcall.avatar';
const LARGEST_PICTURE_BYTES = 2 * 1024 * 1024;
const NOTHING = z.unknown();
const digestShape = z.object({ sha256: z.string() });

/**
 * Gives the account a picture: upload, crop, choose, remember. A picture that was set before is not written again, also
 * where the person chose another one since. One request where nothing changed, else five.
 * @throws TargetError 'invalid' for a picture larger than 2 MB or of another type than PNG, JPEG and GIF
 */
export async function setAvatar(
  client: JiraClient,
  { key, username }: AccountName,
  image: AvatarImage,
  signal: AbortSignal
): Promise<'set' | 'unchanged'> {
  if (image.bytes.byteLength > LARGEST_PICTURE_BYTES || !/^image\/(png|jpeg|gif)$/.test(image.type)) {
    throw new TargetError('invalid', 'set a picture: only PNG, JPEG and GIF of at most 2 MB');
  }
  const sha256 = createHash('sha256').update(image.bytes).digest('hex');
  const known = digestShape.safeParse(await readProperty(client, key, AVATAR_PROPERTY, signal));
  if (known.success && known.data.sha256 === sha256) return 'unchanged';
  const { body: cropping, cookies } = await upload(client, username, image, signal);
  // Jira keeps what was uploaded in the session of the upload.
  const session = cookies === '' ? {} : { headers: { cookie: cookies } };
  const crop: JiraCall = { ...callFor('crop', username), method: 'POST', body: cropping, ...session };
  const { id } = await write(client, crop, avatarShape, signal);
  await write(client, { ...callFor('choose', username), method: 'PUT', body: { id: String(id) } }, NOTHING, signal);
  await writeProperty(client, key, { name: AVATAR_PROPERTY, value: { sha256 } }, signal);
  return 'set';
}

function upload(client: JiraClient, username: string, { type, bytes }: AvatarImage, signal: AbortSignal) {
  const filename = `avatar.${type.slice('image/'.length)}`;
  const call: JiraCall = {
    step: 'upload a picture',
    method: 'POST',
    path: '/user/avatar/temporary',
    query: { username, filename, size: String(bytes.byteLength) },
    upload: { type, bytes },
  };
  return client.requestWithCookies(call, croppingShape, signal);
}

const callFor = (verb: 'crop' | 'choose', username: string) => ({
  step: `${verb} a picture`,
  path: '/user/avatar',
  query: { username },
});
