import { createHash } from 'node:crypto';
import { empty, json, type Answer } from '../http/answer';
import { parameter, parseObjectBody, refuse, type Call, type Endpoint } from '../http/call';
import { nextId, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { avatarUrls, DEFAULT_AVATAR_ID } from './beans';
import { requireOwn } from './lookups';

const IMAGE = /^image\/(png|jpeg|gif)\b/i;

/** What the confirmation has to send back: the part of the picture that is to be seen. */
const CROPPING = { cropperWidth: 120, cropperOffsetX: 0, cropperOffsetY: 0, needsCropping: true };

/** The picture of the installation, and those that the user has uploaded. */
function listAvatars(call: Call, simulator: Simulator): Answer {
  const user = requireOwn(call, simulator);
  return json(200, {
    system: [avatarBean(simulator, user, null)],
    custom: [...user.avatars.keys()].map((id) => avatarBean(simulator, user, id)),
  });
}

function avatarBean(simulator: Simulator, user: JiraUser, id: number | null): Readonly<Record<string, unknown>> {
  const isSelected = user.avatarId === id;
  return {
    id: String(id ?? DEFAULT_AVATAR_ID),
    ...(id === null ? {} : { owner: user.key }),
    isSystemAvatar: id === null,
    isSelected,
    isDeletable: id !== null,
    urls: avatarUrls(simulator, user, id),
    selected: isSelected,
  };
}

/** The first step: the picture itself. It is nobody's until the second step confirms how it is cut. */
function postTemporary(call: Call, simulator: Simulator): Answer {
  const user = requireOwn(call, simulator);
  if (!IMAGE.test(call.headers['content-type'] ?? '')) throw refuse(call, 400, 'avatarTypeUnknown');
  const size = parameter(call, 'size');
  if (call.rawBody.length === 0 || (size !== undefined && Number(size) !== call.rawBody.length)) {
    throw refuse(call, 400, 'avatarSizeWrong');
  }
  const contentHash = createHash('sha256').update(call.rawBody).digest('hex');
  simulator.state.temporaryAvatars.set(user.key, { fileName: parameter(call, 'filename') ?? 'avatar', contentHash });
  return json(201, { ...CROPPING, url: `${simulator.baseUrl()}/secure/temporaryavatar?cropped=true` });
}

function postAvatar(call: Call, simulator: Simulator): Answer {
  const user = requireOwn(call, simulator);
  parseObjectBody(call);
  const { state, behaviour, effects } = simulator;
  const temporary = state.temporaryAvatars.get(user.key);
  if (temporary === undefined) throw refuse(call, 400, 'avatarNotUploaded');
  state.temporaryAvatars.delete(user.key);
  const id = nextId(state.ids);
  user.avatars.set(id, { id, ...temporary });
  effects.count('avatarsAdded', user.key);
  if (behaviour.avatarSelectedOnConfirm === 'yes') choose(simulator, user, id);
  return json(201, avatarBean(simulator, user, id));
}

/** Which picture is shown; the id of the installation's picture takes the own one back. */
function putAvatar(call: Call, simulator: Simulator): Answer {
  const user = requireOwn(call, simulator);
  const { id: wanted } = parseObjectBody(call);
  const id = Number(wanted);
  if (id !== DEFAULT_AVATAR_ID && !user.avatars.has(id)) throw refuse(call, 400, 'avatarNotFound', String(wanted));
  choose(simulator, user, id === DEFAULT_AVATAR_ID ? null : id);
  return empty(204);
}

function choose(simulator: Simulator, user: JiraUser, id: number | null): void {
  if (user.avatarId === id) simulator.effects.countNoop();
  else simulator.effects.count('avatarsChosen', user.key);
  user.avatarId = id;
}

function deleteAvatar(call: Call, simulator: Simulator): Answer {
  const user = requireOwn(call, simulator);
  const id = Number(call.path['id']);
  if (!user.avatars.delete(id)) throw refuse(call, 404, 'avatarNotFound', call.path['id'] ?? '');
  if (user.avatarId === id) user.avatarId = null;
  simulator.effects.count('avatarsRemoved', user.key);
  return empty(204);
}

export const AVATAR_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/user/avatars', access: 'loggedIn', handle: listAvatars },
  {
    method: 'POST',
    path: '/user/avatar/temporary',
    access: 'loggedIn',
    accepts: /^image\//i,
    handle: postTemporary,
  },
  { method: 'POST', path: '/user/avatar', access: 'loggedIn', handle: postAvatar },
  { method: 'PUT', path: '/user/avatar', access: 'loggedIn', handle: putAvatar },
  { method: 'DELETE', path: '/user/avatar/{id}', access: 'loggedIn', handle: deleteAvatar },
];
