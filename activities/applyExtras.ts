import { fingerprint } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { Organization, Organizations } from '../targets/extras';
import type { TargetPage } from '../targets/page';
import { NO_ACCOUNT, done, ended, textOf } from './applyTypes';
import type { Applied, ApplyScope, UserTurn } from './applyTypes';
import { pictureFrom } from './picture';

/** Sets or removes one property; one that has its value already is not written again. */
export async function setProperty(scope: ApplyScope, { operation, link, readFirst }: UserTurn): Promise<Applied> {
  const { properties } = scope.target;
  if (properties === undefined) return ended('failed', 'the target keeps no properties of accounts');
  if (link.targetKey === null) return ended('failed', NO_ACCOUNT);
  const name = textOf(operation.after, 'property') ?? '';
  const value = textOf(operation.after, 'value');
  const remembered = done({ link: { property: { name, value } } });
  if (readFirst || scope.verifyFirst) {
    if ((await properties.read(link.targetKey, name, scope.signal)) === value) return remembered;
  }
  if (value === null) await properties.remove(link.targetKey, name, scope.signal);
  else await properties.write(link.targetKey, { name, value }, scope.signal);
  return remembered;
}

/** Sets the picture as the snapshot of the plan has it; the target does not write one twice. */
export async function setAvatar(scope: ApplyScope, { operation, link }: UserTurn): Promise<Applied> {
  const { avatars } = scope.target;
  const username = link.lastApplied?.username;
  if (avatars === undefined) return ended('failed', 'the target keeps no pictures of accounts');
  if (link.targetKey === null || username === undefined) return ended('failed', NO_ACCOUNT);
  const text = await scope.pictureOf(operation.externalId ?? '');
  const picture = textOf(operation.after, 'picture');
  if (text === null || picture === null || fingerprint(text) !== picture) {
    return ended('stale', 'the picture changed after the plan was made');
  }
  const image = pictureFrom(text);
  if (image === null) return ended('failed', 'the picture is not one of PNG, JPEG or GIF as Base64 or data URL');
  await avatars.set({ key: link.targetKey, username }, image, scope.signal);
  return done({ link: { lastPicture: picture } });
}

/** Puts the account into an organization, which is created where nobody else has done so; being in it is no failure. */
export async function addOrganization(scope: ApplyScope, { operation, link }: UserTurn): Promise<Applied> {
  const { organizations } = scope.target;
  const username = link.lastApplied?.username;
  if (organizations === undefined) return ended('failed', 'the target has no organizations');
  if (link.targetKey === null || username === undefined) return ended('failed', NO_ACCOUNT);
  const name = textOf(operation.after, 'organization') ?? '';
  const id = textOf(operation.after, 'id') ?? (await scope.organization(name));
  if (id === null) return ended('conflict', `several organizations are called '${name}' by now`);
  await organizations.addUsers(id, [username], scope.signal);
  return done({ link: { organization: { name, isMember: true } } });
}

/** Takes the account, and nobody else, out of an organization; one that is gone holds nobody. */
export async function removeOrganization(scope: ApplyScope, { operation, link }: UserTurn): Promise<Applied> {
  const { organizations } = scope.target;
  const username = link.lastApplied?.username;
  if (organizations === undefined) return ended('failed', 'the target has no organizations');
  if (link.targetKey === null || username === undefined) return ended('failed', NO_ACCOUNT);
  const name = textOf(operation.before, 'organization') ?? '';
  const id = textOf(operation.before, 'id');
  if (id !== null) await organizations.removeUsers(id, [username], scope.signal);
  return done({ link: { organization: { name, isMember: false } } });
}

/**
 * Finds organizations that did not exist when the plan was made, and creates them, each once for all who ask at the same
 * time. @returns a function that gives the id, or null where several have the name
 */
export function organizationFinder(
  { organizations }: ApplyScope['target'],
  signal: AbortSignal
): (name: string) => Promise<string | null> {
  const asked = new Map<string, Promise<string | null>>();
  return (name) => {
    if (organizations === undefined) return Promise.resolve(null);
    const known = asked.get(nameKey(name)) ?? findOrCreate(organizations, name, signal);
    asked.set(nameKey(name), known);
    // A failure is asked again: the next one may find what this one has created after all.
    known.catch(() => asked.delete(nameKey(name)));
    return known;
  };
}

async function findOrCreate(organizations: Organizations, name: string, signal: AbortSignal): Promise<string | null> {
  const same: Organization[] = [];
  let cursor: string | null = null;
  do {
    const page: TargetPage<Organization> = await organizations.list(cursor, signal);
    same.push(...page.items.filter((one) => nameKey(one.name) === nameKey(name)));
    cursor = page.cursor;
  } while (cursor !== null);
  if (same.length > 1) return null;
  return same[0]?.id ?? (await organizations.create(name, signal)).id;
}
