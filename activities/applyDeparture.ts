import { nameKey } from '../domain/names';
import { NO_ACCOUNT, done, ended, textOf } from './applyTypes';
import type { Applied, ApplyScope, UserTurn } from './applyTypes';

const NO_DEPARTURES = 'the target cannot be written now, or knows no sessions and projects';

/** Ends the sessions of an account that has to stay active for a while; ending none is no failure (rules 3.5). */
export async function endSessions(scope: ApplyScope, { link }: UserTurn): Promise<Applied> {
  const username = link.lastApplied?.username;
  if (username === undefined) return ended('failed', NO_ACCOUNT);
  if (scope.target.departures === undefined) return ended('failed', NO_DEPARTURES);
  await scope.target.departures.endSessions(username, scope.signal);
  return done({ link: { sessionsEnded: true } });
}

/** Makes the successor lead of the project, unless somebody else than the leaver leads it by now. */
export async function replaceLead(scope: ApplyScope, { operation }: UserTurn): Promise<Applied> {
  const departures = scope.target.departures;
  if (departures === undefined) return ended('failed', NO_DEPARTURES);
  const project = textOf(operation.after, 'project') ?? '';
  const successor = textOf(operation.after, 'lead') ?? '';
  const leads = await departures.projectLeads(scope.signal);
  const now = leads.find((lead) => lead.project === project);
  if (now === undefined) return ended('stale', `project '${project}' is gone`);
  if (nameKey(now.leadUsername ?? '') === nameKey(successor)) return done();
  const isLeaver =
    now.leadKey === null ? now.leadUsername === textOf(operation.before, 'lead') : now.leadKey === operation.targetKey;
  if (!isLeaver) return ended('stale', `somebody else leads project '${project}' by now`);
  await departures.replaceLead(project, successor, scope.signal);
  return done();
}
