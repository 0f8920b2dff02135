import pLimit from 'p-limit';
import { arrangeChanges, isRunMissing } from '../../domain/changes';
import type { PersonChanges } from '../../domain/changes';
import type { PendingChange } from '../../store/scim-store';
import type { ActivityDeps } from '../deps';
import { heartbeat, whileHeartbeating } from '../progress';
import type { RunContexts } from '../runContext';
import { isWithinLimits } from './burst';
import { carryPerson } from './carryPerson';
import { changesContext } from './context';
import type { ChangesContext } from './context';
import { groupsForRun, settleGroups } from './groupChanges';
import { leaveGroups, recountBlocks } from './upkeep';

/** What one round did and what comes next; ids and counts alone. */
export interface Drained {
  readonly carried: number;
  readonly parked: number;
  /** There was more than a round takes. */
  readonly more: boolean;
  /** Milliseconds until what waits may be carried; null: nothing waits. */
  readonly waitMs: number | null;
  /** A run has to carry what was accepted until then (epoch milliseconds); null: nothing of that. */
  readonly runFor: number | null;
}
type Person = PersonChanges<PendingChange>;

/** Changes that are looked at together: a burst is judged as a whole as far as it lies within. */
const CHANGES_A_ROUND = 1_000;
const PEOPLE_A_ROUND = 100;
const PEOPLE_AT_ONCE = 8;
const LATER_MS = 2_000;
const RUNS_LOOKED_AT = 20;
const NOTHING: Drained = { carried: 0, parked: 0, more: false, waitMs: null, runFor: null };

/** Carries what identity providers pushed to the target (durability 4.3). */
export function changesActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async drainChanges(input: { readonly connectorId: string; readonly handedOver: number | null }): Promise<Drained> {
      return whileHeartbeating(async () => {
        const context = await changesContext(deps, contexts, input);
        return context === null ? NOTHING : drain(deps, contexts, context);
      });
    },

    /** Connectors for which something waits, whoever forgot it. */
    async waitingConnectors(): Promise<readonly string[]> {
      const connectors = await deps.store.connectors.list();
      const now = deps.now().getTime();
      const waiting: string[] = [];
      for (const { id, paused, deleting, leftToRun } of connectors) {
        if (paused || deleting) continue;
        if ((await deps.store.scim.pending.any(id, now)) || (await isLeftAlone(deps, id, leftToRun))) waiting.push(id);
      }
      return waiting;
    },
  };
}

async function drain(deps: ActivityDeps, contexts: RunContexts, context: ChangesContext): Promise<Drained> {
  const { pending } = deps.store.scim;
  const oldest = () => pending.oldest(context.connector.id, CHANGES_A_ROUND, deps.now().getTime());
  let changes = await oldest();
  if (await settleGroups(deps, context, changes)) changes = await oldest();
  if (changes.length === 0) return (await mustAskAgain(deps, context)) ? { ...NOTHING, runFor: context.now } : NOTHING;
  await recountBlocks(deps, context, changes);
  await leaveGroups(deps, context, changes);
  if (context.settings.mode === 'observe') return observed(deps, changes);
  const arranged = arrangeChanges(changes, context.scim, context.now);
  const forRun = await groupsForRun(deps, context, changes);
  const isLimited = arranged.burst.length > 1 && !(await isWithinLimits(deps, context, arranged.burst));
  const people = [...arranged.ready, ...(isLimited ? [] : arranged.burst)];
  const result = await carryPeople(deps, contexts, context, people.slice(0, PEOPLE_A_ROUND), forRun);
  const left = [
    ...arranged.groups.filter(({ id }) => forRun.has(id)),
    ...(isLimited ? arranged.burst.flatMap((person) => person.changes) : []),
    ...result.forRun,
  ];
  await pending.carried(arranged.groups.filter(({ id }) => !forRun.has(id)));
  const stillLeft = await handOver(deps, context, left);
  return {
    carried: result.carried,
    parked: result.parked,
    more: people.length > PEOPLE_A_ROUND || changes.length >= CHANGES_A_ROUND,
    waitMs: result.later ? LATER_MS : arranged.waitMs,
    runFor: stillLeft ? context.now : null,
  };
}

/** Nothing is written to the target, and what was pushed lies in the store for the next preview. */
async function observed({ store }: ActivityDeps, changes: readonly PendingChange[]): Promise<Drained> {
  await store.scim.pending.carried(changes);
  return { ...NOTHING, carried: changes.length };
}

/** Whether no run carries what was left to one: the last one failed, or its asking was lost. */
async function isLeftAlone(deps: ActivityDeps, connectorId: string, leftAt?: number): Promise<boolean> {
  if (leftAt === undefined) return false;
  const { items } = await deps.store.runs.list({ connectorId, limit: RUNS_LOOKED_AT, cursor: null });
  return isRunMissing(leftAt, items, deps.now().getTime());
}

/** Asked once in a row: a run that waits for its turn is none yet. */
const mustAskAgain = async (deps: ActivityDeps, { connector, handedOver }: ChangesContext): Promise<boolean> =>
  handedOver === 0 && isLeftAlone(deps, connector.id, connector.leftToRun);

/** What a run was asked for has been handed over. @returns whether anything is left for which none was */
async function handOver(
  { store }: ActivityDeps,
  { connector, handedOver }: ChangesContext,
  changes: readonly PendingChange[]
): Promise<boolean> {
  const done = changes.filter(({ acceptedAt }) => acceptedAt <= handedOver);
  // Before the marks: whoever looks for a run that failed has to know of it.
  if (done.length > 0) await store.connectors.patch(connector.id, { leftToRun: handedOver });
  await store.scim.pending.carried(done);
  return done.length < changes.length;
}

interface PeopleResult {
  readonly carried: number;
  readonly parked: number;
  readonly later: boolean;
  readonly forRun: readonly PendingChange[];
}

/** People side by side, each once. One who fails does not keep the others. @throws the first failure that concerns all */
async function carryPeople(
  deps: ActivityDeps,
  contexts: RunContexts,
  context: ChangesContext,
  people: readonly Person[],
  groups: ReadonlySet<string>
): Promise<PeopleResult> {
  const limit = pLimit(PEOPLE_AT_ONCE);
  const forRun: PendingChange[] = [];
  let [carried, parked, later] = [0, 0, false];
  const one = async (person: Person): Promise<void> => {
    const end = await carryPerson(deps, contexts, context, person);
    heartbeat();
    if (end === 'later') later = true;
    else if (typeof end === 'object') {
      await park(deps, context, person, end.parked);
      parked += 1;
    } else {
      const waits = person.changes.filter(({ groupId }) => end === 'held' || (groupId !== null && groups.has(groupId)));
      forRun.push(...waits);
      await deps.store.scim.pending.carried(person.changes.filter((change) => !waits.includes(change)));
      carried += 1;
    }
  };
  const ends = await Promise.allSettled(people.map((person) => limit(() => one(person))));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { carried, parked, later, forRun };
}

/** What cannot be carried is set aside with its error, and the others go on. */
async function park(deps: ActivityDeps, context: ChangesContext, person: Person, error: string): Promise<void> {
  const at = deps.now().toISOString();
  await deps.store.scim.pending.park(context.connector.id, 'user', { id: person.id, error, at }, person.changes);
  deps.log.warn({ connectorId: context.connector.id, resource: person.id }, 'set a pushed change aside');
}
