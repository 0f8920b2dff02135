import { json, type Answer } from '../http/answer';
import { numberParameter, parameter, say, type Call, type Endpoint } from '../http/call';
import { highlight } from '../http/html';
import { effectiveGroups } from '../model/nesting';
import { findUser } from '../model/state';
import type { Simulator } from '../simulator';

/** The installation's limit of suggestions, which holds when nothing is asked for. */
const DEFAULT_LIMIT = 20;

/** The only list of groups there is: names that contain the query, no position to start from. */
function pickGroups(call: Call, simulator: Simulator): Answer {
  const { state } = simulator;
  const query = (call.query.get('query') ?? '').toLowerCase();
  const excluded = new Set(call.query.getAll('exclude').map((name) => name.toLowerCase()));
  const userName = parameter(call, 'userName');
  const member = userName === undefined ? undefined : findUser(state, userName);
  const own = new Set(member === undefined ? [] : effectiveGroups(state, member).map((group) => group.lowerName));
  const matching = state.groupNames
    .slice(0, state.groupNames.size())
    .filter((name) => name.includes(query) && !excluded.has(name))
    .filter((name) => userName === undefined || own.has(name));
  const shown = matching
    .slice(0, numberParameter(call, 'maxResults', DEFAULT_LIMIT))
    .map((lowerName) => state.groupsByName.get(lowerName)?.name ?? lowerName);
  return json(200, {
    header: say(call, 'pickerHeader', shown.length, matching.length),
    total: matching.length,
    groups: shown.map((name) => ({ name, html: highlight(name, query), labels: [] })),
  });
}

export const PICKER_ENDPOINT: Endpoint = {
  method: 'GET',
  path: '/groups/picker',
  access: 'loggedIn',
  handle: pickGroups,
};
