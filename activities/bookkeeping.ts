import type { Bookkeeping, PlanContext, UserFacts, UserPlan } from '../domain/facts';
import { dueKey } from '../domain/ids';
import { nextDue } from '../domain/lifecycle-steps';
import type { LinkNote, StoredLink } from '../store/link-records';
import type { ActivityDeps } from './deps';

interface Planned {
  readonly facts: UserFacts;
  readonly plan: UserPlan;
}
interface Noted {
  readonly link: StoredLink;
  readonly book: Bookkeeping;
  /** Somebody else activated the account again: its next deactivation is not ours (rules 3.3). */
  readonly takenBack: boolean;
  readonly due: string | null;
  /** Nobody takes anything away any more: sessions that were ended count for the next leaving. */
  readonly stays: boolean;
}

/** Notes times of grace and adopted memberships: they take nothing away and are no operations. */
export async function noteBookkeeping(
  { store }: ActivityDeps,
  ctx: PlanContext & { readonly connectorId: string },
  planned: readonly Planned[],
  links: ReadonlyMap<string, StoredLink>
): Promise<void> {
  const noted = planned.flatMap(({ facts, plan }): readonly Noted[] => {
    const link = links.get(facts.externalId);
    const book = plan.bookkeeping;
    if (link === undefined || book === null) return [];
    const takenBack = facts.account?.active === true && link.lastDeactivatedBy !== null;
    const stays = link.sessionsEnded === true && hasNoCause(book);
    return [{ link, book, takenBack, due: dueOf(facts, book, ctx), stays }];
  });
  await store.links.note(noted.filter(differs).map(toNote));
  await store.memberships.put(
    noted.flatMap(({ link: { externalId }, book }) =>
      book.adoptedGroups.map((group) => ({
        connectorId: ctx.connectorId,
        externalId,
        group,
        addedBy: 'adopted' as const,
      }))
    )
  );
  await store.memberships.remove(
    ctx.connectorId,
    noted.flatMap(({ link, book }) => book.forgottenGroups.map((group) => ({ externalId: link.externalId, group })))
  );
}

/** What is due by now has its operation in this plan, or waits for a person: no day brings anything. */
function dueOf(facts: UserFacts, book: Bookkeeping, ctx: PlanContext): string | null {
  const due = nextDue(facts, book, ctx);
  return due !== null && due > ctx.now ? due : null;
}

const hasNoCause = ({ missingSince, outOfScopeSince, disabledSince }: Bookkeeping): boolean =>
  missingSince === null && outOfScopeSince === null && disabledSince === null;

function differs({ link, book, takenBack, due, stays }: Noted): boolean {
  const key = due === null ? undefined : dueKey(due, link.connectorId, link.externalId);
  return (
    takenBack ||
    stays ||
    link.due !== key ||
    link.missingSince !== book.missingSince ||
    link.outOfScopeSince !== book.outOfScopeSince ||
    link.disabledSince !== book.disabledSince
  );
}

function toNote({ link, book, takenBack, due, stays }: Noted): LinkNote {
  const { id, connectorId, externalId } = link;
  const { missingSince, outOfScopeSince, disabledSince } = book;
  const times = { id, connectorId, externalId, due, missingSince, outOfScopeSince, disabledSince };
  return {
    ...times,
    ...(takenBack && { state: 'active', lastDeactivatedBy: null, lastDeactivatedAt: null }),
    ...(stays && { sessionsEnded: false }),
  };
}
