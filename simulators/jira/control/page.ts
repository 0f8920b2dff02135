import { escapeHtml } from '../http/html';
import { directoryById } from '../model/directories';
import { groupsOf, type JiraGroup, type JiraState, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

const ROWS_PER_PAGE = 100;

/** What a link of the page asks for: users or groups, narrowed by a text or by a group, from a row on. */
interface Question {
  readonly view: 'users' | 'groups';
  readonly q: string;
  readonly group: string;
  readonly start: number;
}

/** A page for people: who is here and in which groups, with search and pages. */
export function overviewPage(simulator: Simulator, query: URLSearchParams): string {
  const { state, version } = simulator;
  const question: Question = {
    view: query.get('view') === 'groups' ? 'groups' : 'users',
    q: query.get('q') ?? '',
    group: query.get('group') ?? '',
    start: Math.max(0, Math.floor(Number(query.get('start') ?? 0)) || 0),
  };
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulated Jira</title>',
    '<style>body{font:14px sans-serif;margin:2em}td,th{padding:.2em .8em;text-align:left;vertical-align:top}.off{color:#888}</style>',
    `</head><body><h1>Simulated Jira ${version.version}</h1>`,
    `<p>${link({ ...question, view: 'users', group: '', start: 0 }, `${state.userNames.size()} users`)},`,
    `${state.activeUserNames.size()} of them active;`,
    `${link({ ...question, view: 'groups', group: '', start: 0 }, `${state.groupNames.size()} groups`)}</p>`,
    searchForm(question),
    ...(question.view === 'users' ? usersPart(simulator, question) : groupsPart(simulator, question)),
    '</body></html>',
  ].join('\n');
}

function searchForm({ view, q, group }: Question): string {
  const hidden = (name: string, value: string): string =>
    `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
  const field = `<input name="q" value="${escapeHtml(q)}" aria-label="Search">`;
  return `<form>${hidden('view', view)}${hidden('group', group)}${field} <button>Search</button></form>`;
}

function usersPart(simulator: Simulator, question: Question): readonly string[] {
  const { state } = simulator;
  const group = state.groupsByName.get(question.group.toLowerCase());
  const list = group?.members ?? state.userNames;
  const found = rowsOf(list.slice(0, list.size()), state.usersByName, question.q, userText);
  const shown = found.slice(question.start, question.start + ROWS_PER_PAGE);
  return [
    `<h2>${escapeHtml(group === undefined ? 'Users' : `Members of ${group.name}`)}</h2>`,
    '<table><tr><th>Username<th>Name<th>E-mail<th>Key<th>Active<th>Directory<th>Groups</tr>',
    ...shown.map((user) => userRow(simulator, user)),
    '</table>',
    turner(question, found.length),
  ];
}

function groupsPart(simulator: Simulator, question: Question): readonly string[] {
  const { state, directories } = simulator;
  const names = state.groupNames.slice(0, state.groupNames.size());
  const found = rowsOf(names, state.groupsByName, question.q, ({ lowerName }: JiraGroup) => lowerName);
  const shown = found.slice(question.start, question.start + ROWS_PER_PAGE);
  return [
    '<h2>Groups</h2><table><tr><th>Group<th>Members<th>Directory<th>Groups inside</tr>',
    ...shown.map((group) => {
      const name = link({ view: 'users', q: '', group: group.name, start: 0 }, group.name);
      const directory = escapeHtml(directoryById(directories, group.directoryId).name);
      const inside = escapeHtml([...group.children].sort().join(', '));
      return `<tr><td>${name}<td>${group.members.size()}<td>${directory}<td>${inside}</tr>`;
    }),
    '</table>',
    turner(question, found.length),
  ];
}

function rowsOf<T>(
  names: readonly string[],
  byName: ReadonlyMap<string, T>,
  q: string,
  textOf: (row: T) => string
): readonly T[] {
  const wanted = q.trim().toLowerCase();
  return names
    .map((name) => byName.get(name))
    .filter((row) => row !== undefined)
    .filter((row) => textOf(row).includes(wanted));
}

function userText({ lowerName, displayName, emailAddress, key }: JiraUser): string {
  return [lowerName, displayName, emailAddress, key].join(' ').toLowerCase();
}

function userRow({ state, directories }: Simulator, user: JiraUser): string {
  const cells = [
    user.name,
    user.displayName,
    user.emailAddress,
    user.key,
    user.active ? 'yes' : 'no',
    directoryById(directories, user.directoryId).name,
    groupNames(state, user),
  ];
  return `<tr${user.active ? '' : ' class="off"'}>${cells.map((cell) => `<td>${escapeHtml(cell)}`).join('')}</tr>`;
}

function groupNames(state: JiraState, user: JiraUser): string {
  return groupsOf(state, user)
    .map((group) => group.name)
    .join(', ');
}

function turner(question: Question, total: number): string {
  const { start } = question;
  const back = start > 0 ? link({ ...question, start: Math.max(0, start - ROWS_PER_PAGE) }, 'back') : '';
  const on = start + ROWS_PER_PAGE < total ? link({ ...question, start: start + ROWS_PER_PAGE }, 'on') : '';
  return `<p>${total} in all ${back} ${on}</p>`;
}

function link({ view, q, group, start }: Question, label: string): string {
  const query = new URLSearchParams({ view, q, group, start: String(start) });
  return `<a href="?${escapeHtml(query.toString())}">${escapeHtml(label)}</a>`;
}
