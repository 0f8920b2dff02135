import type { PlanContext, RenameEdge, RenameVerdict, UserFacts } from './facts';
import { isPseudonymized } from './pseudonym';
import { reactivates } from './lifecycle';
import { nameKey } from './names';
import type { Reason } from './operation';
import { because } from './reasons';
import { groupBy } from './records';

/** Chains with more renames are held (rules 1.7). */
export const RENAME_CHAIN_LIMIT = 3;

/** What renameEdgeOf looks at. */
export type RenameFacts = Pick<
  UserFacts,
  'externalId' | 'source' | 'prepared' | 'link' | 'account' | 'byUsername' | 'usernameContest'
>;
export type RenameContext = Pick<PlanContext, 'settings' | 'syncAccountKey' | 'protectedKeys'>;

/**
 * The edge to hand to planRenames for one user, or null when no rename of his can be planned now. Users whose wanted
 * name is free have an edge too: somebody may be waiting for the name they leave.
 * A protected user's rename waits for a person, so nothing is built on the name he would leave.
 */
export function renameEdgeOf(facts: RenameFacts, ctx: RenameContext): RenameEdge | null {
  const { account, prepared, source } = facts;
  const toKey = prepared?.usernameKey ?? null;
  if (account === null || facts.link === null || source?.active !== true || toKey === null) return null;
  const { actions } = ctx.settings.users;
  const fromKey = nameKey(account.username);
  const isKept = !actions.rename || ctx.settings.mapping.username.apply === 'onCreate';
  if (fromKey === toKey || (isKept && !isPseudonymized(facts.link, account))) return null;
  if (account.key === ctx.syncAccountKey || ctx.protectedKeys.has(account.key)) return null;
  if (facts.link.state === 'externalDirectory' || facts.usernameContest !== null) return null;
  if (!account.active && !reactivates(facts, ctx)) return null;
  const wantedIsFree = facts.byUsername.kind === 'nobody';
  return { externalId: facts.externalId, targetKey: account.key, fromKey, toKey, wantedIsFree };
}

/**
 * Orders the renames that depend on each other (rules 1.7). The result has an entry for each user who waits for a name
 * or leaves one that is waited for: a step (0 frees its name first), or the reason why he is held. Always held are
 * swaps and cycles, chains of more than RENAME_CHAIN_LIMIT, and chains that end at a name nobody leaves.
 * Linear in the number of edges; their order does not matter.
 */
export function planRenames(edges: readonly RenameEdge[]): Readonly<Record<string, RenameVerdict>> {
  const graph = graphOf(edges);
  const verdicts = new Map<string, RenameVerdict>();
  for (const edge of edges) {
    const rivals = graph.wanting.get(edge.toKey) ?? [];
    const isEnd = rivals.length > 1 || !graph.leaving.has(edge.toKey);
    if (isEnd)
      settleChain(chainBehind(edge, graph), rivals.length > 1 ? contested(rivals) : blockedEnd(edge), verdicts);
  }
  for (const edge of edges) {
    const waits = graph.leaving.has(edge.toKey);
    if (waits && !verdicts.has(edge.externalId)) settleCycle(edge, graph, verdicts);
  }
  return Object.fromEntries([...verdicts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Graph {
  /** By the name that is left. */
  readonly leaving: ReadonlyMap<string, RenameEdge>;
  /** By the name that is wanted. */
  readonly wanting: ReadonlyMap<string, readonly RenameEdge[]>;
}

function graphOf(edges: readonly RenameEdge[]): Graph {
  return {
    leaving: new Map(edges.map((edge) => [edge.fromKey, edge])),
    wanting: groupBy(edges, (edge) => edge.toKey),
  };
}

function blockedEnd(edge: RenameEdge): Reason | null {
  return edge.wantedIsFree === true ? null : because('nameTaken', '1.5');
}

function contested(rivals: readonly RenameEdge[]): Reason {
  const [first = '', second = ''] = rivals.map((edge) => edge.externalId).sort();
  return because('usernameContest', '1.5', { first, second });
}

/** The edge and those who wait for its name, one behind the other; it ends where two want the same name. */
function chainBehind(end: RenameEdge, graph: Graph): readonly RenameEdge[] {
  const chain = [end];
  const seen = new Set([end.fromKey]);
  for (let name = end.fromKey; ;) {
    const waiting = graph.wanting.get(name) ?? [];
    const next = waiting[0];
    if (next === undefined || waiting.length > 1 || seen.has(next.fromKey)) return chain;
    chain.push(next);
    seen.add(next.fromKey);
    name = next.fromKey;
  }
}

function settleChain(chain: readonly RenameEdge[], blocked: Reason | null, verdicts: Map<string, RenameVerdict>): void {
  const tooLong = chain.length > RENAME_CHAIN_LIMIT ? because('renameChainTooLong', '1.7') : null;
  // Alone, he depends on the name he wants only, which planUser looks up.
  if (chain.length === 1 && blocked?.code !== 'usernameContest') return;
  chain.forEach((edge, step) => {
    // The first of a blocked chain has its own reason; the others wait for a name that nobody leaves now.
    const reason = step > 0 && blocked !== null ? because('nameTaken', '1.5') : (blocked ?? tooLong);
    verdicts.set(edge.externalId, reason === null ? { verdict: 'chain', step } : { verdict: 'held', reason });
  });
}

function settleCycle(start: RenameEdge, graph: Graph, verdicts: Map<string, RenameVerdict>): void {
  const cycle = chainBehind(start, graph);
  const reason = because(cycle.length === 2 ? 'renameSwap' : 'renameCycle', '1.7');
  for (const edge of cycle) verdicts.set(edge.externalId, { verdict: 'held', reason });
}
