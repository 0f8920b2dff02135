import type { Answer } from '../../http/answer';
import { parameter, type Call, type Endpoint } from '../../http/call';
import type { JiraGroup, JiraUser } from '../../model/state';
import type { Simulator } from '../../simulator';
import { crowdEndpoint, readBody, readText, refuse, respond } from './answer';
import { groupList, splitName, userList } from './beans';

type Fields = Readonly<Record<string, string>>;
type Condition = (fields: Fields) => boolean;

const TERM = /^\s*(\w+)\s*=\s*(?:"([^"]*)"|([^\s"]+))\s*$/;

/**
 * `field = value`, joined by `and` and `or` (`and` binds closer), `*` at either end of a value for anything.
 * Undefined for what cannot be read: an unknown field, brackets, other operators.
 */
export function parseRestriction(text: string, known: readonly string[]): Condition | undefined {
  if (text.trim() === '') return () => true;
  const alternatives = text
    .split(/\s+or\s+/i)
    .map((part) => part.split(/\s+and\s+/i).map((term) => parseTerm(term, known)));
  if (alternatives.flat().includes(undefined)) return undefined;
  return (fields) => alternatives.some((terms) => terms.every((term) => term?.(fields) === true));
}

function parseTerm(term: string, known: readonly string[]): Condition | undefined {
  const [, field = '', quoted, bare] = TERM.exec(term) ?? [];
  const wanted = (quoted ?? bare)?.toLowerCase();
  if (wanted === undefined || !known.includes(field)) return undefined;
  return (fields) => matches((fields[field] ?? '').toLowerCase(), wanted);
}

function matches(value: string, wanted: string): boolean {
  const text = wanted.replace(/^\*|\*$/g, '');
  const open = { start: wanted.startsWith('*'), end: wanted.endsWith('*') };
  if (open.start && open.end) return value.includes(text);
  if (open.start) return value.endsWith(text);
  return open.end ? value.startsWith(text) : value === text;
}

const USER_FIELDS = ['name', 'email', 'firstName', 'lastName', 'displayName', 'active'];
const GROUP_FIELDS = ['name', 'active'];

function userFields({ name, emailAddress, displayName, active }: JiraUser): Fields {
  const { first, last } = splitName(displayName);
  return { name, email: emailAddress, displayName, firstName: first, lastName: last, active: String(active) };
}

function groupFields({ name }: JiraGroup): Fields {
  return { name, active: 'true' };
}

function search(call: Call, simulator: Simulator, restriction: string): Answer {
  const { userNames, usersByName, groupNames, groupsByName } = simulator.state;
  switch (parameter(call, 'entity-type')) {
    case 'user': {
      const condition = conditionOf(call, restriction, USER_FIELDS);
      const all = userNames.slice(0, userNames.size()).map((name) => usersByName.get(name));
      const users = all.filter((user) => user !== undefined).filter((user) => condition(userFields(user)));
      return respond(call, 200, 'users', userList(call, simulator, users));
    }
    case 'group': {
      const condition = conditionOf(call, restriction, GROUP_FIELDS);
      const all = groupNames.slice(0, groupNames.size()).map((name) => groupsByName.get(name));
      const groups = all.filter((group) => group !== undefined).filter((group) => condition(groupFields(group)));
      return respond(call, 200, 'groups', groupList(call, simulator, groups));
    }
    default:
      throw refuse(call, 400, 'ILLEGAL_ARGUMENT', 'entity-type must be user or group');
  }
}

function conditionOf(call: Call, restriction: string, known: readonly string[]): Condition {
  const condition = parseRestriction(restriction, known);
  if (condition === undefined) throw refuse(call, 400, 'ILLEGAL_ARGUMENT', 'The restriction cannot be read');
  return condition;
}

export const CROWD_SEARCH_ENDPOINTS: readonly Endpoint[] = [
  crowdEndpoint('GET', '/search', (call, simulator) => search(call, simulator, parameter(call, 'restriction') ?? '')),
  crowdEndpoint('POST', '/search', (call, simulator) =>
    search(call, simulator, readText(call, readBody(call), 'restriction') ?? '')
  ),
];
