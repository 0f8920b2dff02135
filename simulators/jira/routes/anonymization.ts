import { createHash } from 'node:crypto';
import { json, type Answer } from '../http/answer';
import { parameter, parseObjectBody, refuse, say, textField, type Call, type Endpoint } from '../http/call';
import { isoTime } from '../http/time';
import type { MessageKey } from '../messages';
import { isWritable } from '../model/directories';
import { leadsAnything, nextId, nextUserKey, type JiraState, type JiraUser } from '../model/state';
import { changeKey, renameUser, replaceLead, setActive, setDetails } from '../model/users';
import type { Simulator } from '../simulator';

/** How long a task says that it is in progress; what it does is done at once. */
const TASK_MS = 200;

const OPERATIONS = ['USER_DISABLE', 'USER_KEY_CHANGE', 'USER_NAME_CHANGE', 'USER_ANONYMIZE'];

interface Task {
  readonly id: number;
  readonly startedMs: number;
  /** As before the anonymization. */
  readonly subject: Readonly<Record<string, unknown>>;
}

/** Tasks belong to the state that they changed and are gone with it. */
const tasksOf = new WeakMap<JiraState, Map<number, Task>>();

function tasks(state: JiraState): Map<number, Task> {
  const found = tasksOf.get(state) ?? new Map<number, Task>();
  tasksOf.set(state, found);
  return found;
}

/** What stands against the anonymization, without doing it. */
function validate(call: Call, simulator: Simulator): Answer {
  const userKey = parameter(call, 'userKey');
  const { user, problem } = findSubject(call, simulator, userKey);
  return json(problem === undefined ? 200 : 400, {
    errors:
      problem === undefined
        ? {}
        : { USER_NAME_CHANGE: { errorMessages: [say(call, problem, userKey ?? '')], errors: {} } },
    warnings: {},
    expand: 'affectedEntities',
    ...(user === undefined ? {} : subjectBean(user)),
    deleted: false,
    success: problem === undefined,
    operations: OPERATIONS,
    businessLogicValidationFailed: problem !== undefined,
  });
}

interface Subject {
  readonly user?: JiraUser;
  readonly problem?: MessageKey;
}

function findSubject(call: Call, { state, directories }: Simulator, key: string | undefined): Subject {
  if (key === undefined) throw refuse(call, 400, 'userKeyRequired');
  const user = state.usersByKey.get(key);
  if (user === undefined) return { problem: 'userKeyNotFound' };
  return isWritable(directories, user) ? { user } : { user, problem: 'externalRename' };
}

function subjectBean({ key, name, displayName, emailAddress }: JiraUser): Readonly<Record<string, unknown>> {
  return { userKey: key, userName: name, displayName, email: emailAddress };
}

/** Cannot be undone. What the user leads goes to `newOwnerKey`. */
function start(call: Call, simulator: Simulator): Answer {
  const { state, version } = simulator;
  const body = parseObjectBody(call);
  const userKey = textField(call, body, 'userKey');
  const owner = state.usersByKey.get(textField(call, body, 'newOwnerKey') ?? '');
  if ([...tasks(state).values()].some((task) => isRunning(simulator, task))) throw refuse(call, 409, 'taskRunning');
  const task = { id: nextId(state.ids), startedMs: simulator.now() };
  const deleted = [...state.deletedUsers.values()].find(({ key }) => key === userKey);
  if (deleted !== undefined && version.anonymization === 'deletedUsersToo') {
    state.deletedUsers.delete(deleted.name.toLowerCase());
    simulator.effects.count('anonymized', deleted.key);
    return accepted(simulator, { ...task, subject: { userKey: deleted.key, userName: deleted.name } });
  }
  const { user, problem } = findSubject(call, simulator, userKey);
  if (user === undefined || problem !== undefined) throw refuse(call, 400, problem ?? 'userKeyNotFound', userKey ?? '');
  if (leadsAnything(state, user) && owner === undefined) throw refuse(call, 400, 'newOwnerNeeded');
  const subject = subjectBean(user);
  if (owner !== undefined) replaceLead(state, user.key, owner.key);
  anonymize(state, user);
  simulator.effects.count('anonymized', user.key);
  return accepted(simulator, { ...task, subject });
}

/** A key from before 8.4 tells the name: it becomes a numbered one. */
function anonymize(state: JiraState, user: JiraUser): void {
  if (!/^JIRAUSER\d+$/.test(user.key)) changeKey(state, user, nextUserKey(state.ids));
  renameUser(state, user, user.key.toLowerCase());
  const alias = createHash('sha256').update(user.key).digest('hex').slice(0, 5);
  setDetails(user, { displayName: `user-${alias}`, emailAddress: `${user.key}@jira.invalid` });
  setActive(state, user, false);
  user.avatars.clear();
  user.avatarId = null;
}

function accepted(simulator: Simulator, task: Task): Answer {
  tasks(simulator.state).set(task.id, task);
  const bean = progressBean(simulator, task);
  return json(202, bean, { Location: `${simulator.baseUrl()}${bean.progressUrl}` });
}

function isRunning(simulator: Simulator, task: Task): boolean {
  return simulator.now() < task.startedMs + TASK_MS;
}

function progressBean(
  simulator: Simulator,
  task: Task
): Readonly<Record<string, unknown>> & { readonly progressUrl: string } {
  const running = isRunning(simulator, task);
  return {
    errors: {},
    warnings: {},
    ...task.subject,
    progressUrl: `/rest/api/2/user/anonymization/progress?taskId=${task.id}`,
    currentProgress: running ? 50 : 100,
    currentSubTask: '',
    submittedTime: isoTime(task.startedMs),
    startTime: isoTime(task.startedMs),
    ...(running ? {} : { finishTime: isoTime(task.startedMs + TASK_MS) }),
    operations: OPERATIONS,
    status: running ? 'IN_PROGRESS' : 'COMPLETED',
    executingNode: '',
    isRerun: false,
    rerun: false,
  };
}

function progress(call: Call, simulator: Simulator): Answer {
  const id = parameter(call, 'taskId');
  const known = tasks(simulator.state);
  const task = id === undefined ? [...known.values()].at(-1) : known.get(Number(id));
  if (task === undefined) throw refuse(call, 404, 'taskNotFound');
  return json(200, progressBean(simulator, task));
}

const offered = ({ version }: Simulator): boolean => version.anonymization !== 'absent';

export const ANONYMIZATION_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/user/anonymization', access: 'systemAdministrator', offered, handle: validate },
  { method: 'POST', path: '/user/anonymization', access: 'systemAdministrator', offered, handle: start },
  { method: 'GET', path: '/user/anonymization/progress', access: 'systemAdministrator', offered, handle: progress },
];
