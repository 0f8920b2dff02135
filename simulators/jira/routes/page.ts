import { escapeHtml } from '../http/html';
import { findGroup, groupsOf, type JiraState, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

const USERS_PER_PAGE = 100;

/** A page for people: who is here and in which groups. `?group=` narrows it, `?start=` turns the page. */
export function overviewPage(simulator: Simulator, query: URLSearchParams): string {
  const { state, version } = simulator;
  const group = findGroup(state, query.get('group') ?? '');
  const names = group?.members ?? state.userNames;
  const start = Math.max(0, Math.floor(Number(query.get('start') ?? 0)) || 0);
  const users = names
    .slice(start, start + USERS_PER_PAGE)
    .map((name) => state.usersByName.get(name))
    .filter((user) => user !== undefined);
  const title = group === undefined ? 'Users' : `Members of ${group.name}`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulated Jira</title>',
    '<style>body{font:14px sans-serif;margin:2em}td,th{padding:.2em .8em;text-align:left}.off{color:#888}</style></head><body>',
    `<h1>Simulated Jira ${version.version}</h1>`,
    `<p>${state.userNames.size()} users, ${state.activeUserNames.size()} of them active, ${state.groupNames.size()} groups</p>`,
    `<h2>${escapeHtml(title)}</h2><table><tr><th>Username<th>Name<th>E-mail<th>Key<th>Active<th>Groups</tr>`,
    ...users.map((user) => userRow(state, user)),
    '</table>',
    turner(start, names.size(), group?.name),
    `<h2>Groups</h2><p>${groupLinks(state)}</p></body></html>`,
  ].join('\n');
}

function userRow(state: JiraState, user: JiraUser): string {
  const groups = groupsOf(state, user).map((group) => group.name);
  const cells = [
    user.name,
    user.displayName,
    user.emailAddress,
    user.key,
    user.active ? 'yes' : 'no',
    groups.join(', '),
  ];
  return `<tr${user.active ? '' : ' class="off"'}>${cells.map((cell) => `<td>${escapeHtml(cell)}`).join('')}</tr>`;
}

function turner(start: number, total: number, group: string | undefined): string {
  const page = (from: number, label: string): string => {
    const query = new URLSearchParams({ ...(group === undefined ? {} : { group }), start: String(from) });
    return `<a href="?${escapeHtml(query.toString())}">${label}</a>`;
  };
  const back = start > 0 ? page(Math.max(0, start - USERS_PER_PAGE), 'back') : '';
  const on = start + USERS_PER_PAGE < total ? page(start + USERS_PER_PAGE, 'on') : '';
  return `<p>${back} ${on}</p>`;
}

function groupLinks(state: JiraState): string {
  return state.groupNames
    .slice(0, state.groupNames.size())
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group !== undefined)
    .map((group) => {
      const query = new URLSearchParams({ group: group.name });
      return `<a href="?${escapeHtml(query.toString())}">${escapeHtml(group.name)}</a> (${group.members.size()})`;
    })
    .join(' · ');
}
