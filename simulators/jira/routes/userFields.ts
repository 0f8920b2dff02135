import { errors, Refusal } from '../http/answer';
import { say, textField, type Call, type JsonObject } from '../http/call';
import type { MessageKey } from '../messages';
import { findUser, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

const LONGEST_FIELD = 255;
const FORBIDDEN_IN_NAMES = /[<>&]/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

export interface UserFields {
  readonly name?: string | undefined;
  readonly emailAddress?: string | undefined;
  readonly displayName?: string | undefined;
}

export function readUserFields(call: Call, body: JsonObject): UserFields {
  return {
    name: textField(call, body, 'name'),
    emailAddress: textField(call, body, 'emailAddress'),
    displayName: textField(call, body, 'displayName'),
  };
}

/** Refuses wrong values with one entry a field. `self` is the user that may keep its own name. */
export function checkUserFields(call: Call, simulator: Simulator, fields: UserFields, self?: JiraUser): void {
  const form = simulator.behaviour.errorFieldNames === 'form';
  const found: Record<string, string> = {};
  const note = (field: string, problem: Problem | undefined): void => {
    if (problem !== undefined) found[field] = say(call, problem, LONGEST_FIELD);
  };
  note('username', nameProblem(simulator, fields.name, self));
  note(form ? 'email' : 'emailAddress', emailProblem(fields.emailAddress));
  note(form ? 'fullname' : 'displayName', displayNameProblem(fields.displayName));
  if (Object.keys(found).length > 0) throw new Refusal(errors(400, [], found));
}

type Problem = MessageKey;

function nameProblem(simulator: Simulator, name: string | undefined, self?: JiraUser): Problem | undefined {
  if (name === undefined) return undefined;
  if (name.trim() === '') return 'usernameRequired';
  if (name.length > LONGEST_FIELD) return 'tooLong';
  if (FORBIDDEN_IN_NAMES.test(name)) return 'usernameChars';
  const holder = findUser(simulator.state, name);
  return holder !== undefined && holder !== self ? 'userExists' : undefined;
}

function emailProblem(address: string | undefined): Problem | undefined {
  if (address === undefined) return undefined;
  if (!EMAIL.test(address)) return 'emailInvalid';
  return address.length > LONGEST_FIELD ? 'tooLong' : undefined;
}

function displayNameProblem(name: string | undefined): Problem | undefined {
  if (name === undefined) return undefined;
  if (name.trim() === '') return 'displayNameRequired';
  return name.length > LONGEST_FIELD ? 'tooLong' : undefined;
}
