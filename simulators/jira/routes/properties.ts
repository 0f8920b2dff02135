import { isDeepStrictEqual } from 'node:util';
import { empty, json, type Answer } from '../http/answer';
import { parseBody, refuse, type Call, type Endpoint } from '../http/call';
import type { JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { link } from './beans';
import { requireOwn } from './lookups';

const LONGEST_KEY = 255;
const LARGEST_VALUE_BYTES = 32_768;

function listProperties(call: Call, simulator: Simulator): Answer {
  const user = requireOwn(call, simulator, 'userKey');
  const keys = [...user.properties.keys()].map((key) => ({
    self: link(simulator, `/user/properties/${encodeURIComponent(key)}`, { userKey: user.key }),
    key,
  }));
  return json(200, { keys });
}

function getProperty(call: Call, simulator: Simulator): Answer {
  const { user, key } = propertyOf(call, simulator);
  if (!user.properties.has(key)) throw refuse(call, 404, 'propertyNotFound', key);
  return json(200, { key, value: user.properties.get(key) });
}

function putProperty(call: Call, simulator: Simulator): Answer {
  const { user, key } = propertyOf(call, simulator);
  if (key.length > LONGEST_KEY) throw refuse(call, 400, 'propertyKeyTooLong', LONGEST_KEY);
  if (call.rawBody.length > LARGEST_VALUE_BYTES) throw refuse(call, 400, 'propertyValueTooLong', LARGEST_VALUE_BYTES);
  const value = parseBody(call);
  const existed = user.properties.has(key);
  if (existed && isDeepStrictEqual(user.properties.get(key), value)) simulator.effects.countNoop();
  else simulator.effects.count('propertiesSet', user.key);
  user.properties.set(key, value);
  return empty(existed ? 200 : 201);
}

function deleteProperty(call: Call, simulator: Simulator): Answer {
  const { user, key } = propertyOf(call, simulator);
  if (!user.properties.delete(key)) throw refuse(call, 404, 'propertyNotFound', key);
  simulator.effects.count('propertiesRemoved', user.key);
  return empty(204);
}

function propertyOf(call: Call, simulator: Simulator): { readonly user: JiraUser; readonly key: string } {
  return { user: requireOwn(call, simulator, 'userKey'), key: call.path['propertyKey'] ?? '' };
}

export const PROPERTY_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/user/properties', access: 'loggedIn', handle: listProperties },
  { method: 'GET', path: '/user/properties/{propertyKey}', access: 'loggedIn', handle: getProperty },
  { method: 'PUT', path: '/user/properties/{propertyKey}', access: 'loggedIn', handle: putProperty },
  { method: 'DELETE', path: '/user/properties/{propertyKey}', access: 'loggedIn', handle: deleteProperty },
];
