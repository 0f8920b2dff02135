import type { WantedAccount } from './facts';
import type { Link, TargetUser } from './model';
import { emailKey, nameKey } from './names';
import { PHASE_OF_KIND } from './operation';
import type { DraftOperation, Reason } from './operation';
import { because } from './reasons';

/** What people of two connectors are recognised by: the same external id, or the address or username of the account. */
export const HANDOVER_KEYS = ['key', 'email', 'username'] as const;
export type HandoverKey = (typeof HANDOVER_KEYS)[number];

/** What a run of mode handover is asked for (rules 1.6). */
export interface HandoverOrder {
  /** The connector whose links move. */
  readonly from: string;
  readonly matchBy: readonly HandoverKey[];
}

/** A link of the former connector, and its account as it was read; null where the account is gone. */
export interface FormerLink {
  readonly link: Link;
  readonly account: TargetUser | null;
}

/** The former links that one value points at. */
export type FormerHolder = FormerLink | 'nobody' | 'several';

/** What is known of a person of the new connector when a hand-over is planned. */
export interface HandoverPerson {
  readonly externalId: string;
  readonly wanted: WantedAccount;
  readonly active: boolean;
  readonly found: Readonly<Record<HandoverKey, FormerHolder>>;
}

export type HandoverMatch =
  | { readonly kind: 'matched'; readonly former: FormerLink; readonly by: HandoverKey }
  | { readonly kind: 'unmatched'; readonly reason: Reason };

/** How a hand-over ends for the people and groups of both sides. */
export interface HandoverCounts {
  readonly key: number;
  readonly email: number;
  readonly username: number;
  /** People of the new connector whom nothing is handed over to, and links of the former one that stay with it. */
  readonly unmatchedNew: number;
  readonly unmatchedOld: number;
  /** What the first run after it does to the matched: renames for another name, deactivations of disabled people. */
  readonly renames: number;
  readonly deactivations: number;
  readonly groups: number;
  readonly groupsLeft: number;
}
export const NO_HANDOVER: HandoverCounts = {
  key: 0,
  email: 0,
  username: 0,
  unmatchedNew: 0,
  unmatchedOld: 0,
  renames: 0,
  deactivations: 0,
  groups: 0,
  groupsLeft: 0,
};

/** A link whose account was created or adopted and not given up again. */
export const isStandingLink = <L extends Link>(link: L | null): link is L & { readonly targetKey: string } =>
  link !== null && link.targetKey !== null && link.state !== 'released' && link.state !== 'pending';

/** What a person is looked for by among the former accounts; disabled people too, whose accounts may be inactive. */
export function handoverKeys(wanted: WantedAccount): {
  readonly usernameKey: string;
  readonly emailKey: string | null;
} {
  const email = wanted.email === 'keep' ? null : wanted.email.set;
  return { usernameKey: nameKey(wanted.username), emailKey: email === null ? null : emailKey(email) };
}

/**
 * Whose link a person takes over (rules 1.6). Keys that point at different accounts match nobody: an id that is the same by
 * chance must not give one person the account of another.
 */
export function matchFormer(person: HandoverPerson, matchBy: readonly HandoverKey[]): HandoverMatch {
  const findings = HANDOVER_KEYS.filter((key) => matchBy.includes(key)).map((by) => ({ by, former: person.found[by] }));
  const several = findings.find(({ former }) => former === 'several');
  if (several !== undefined) return unmatched(because('handoverAmbiguous', '1.6', { by: several.by }));
  const hits = findings.flatMap(({ by, former }) => (typeof former === 'string' ? [] : [{ by, former }]));
  const [first, ...rest] = hits;
  if (first === undefined) return unmatched(because('handoverUnmatched', '1.6'));
  const other = rest.find(({ former }) => former.link.externalId !== first.former.link.externalId);
  if (other === undefined) return { kind: 'matched', ...first };
  const params = { first: first.former.link.externalId, second: other.former.link.externalId };
  return unmatched(because('handoverAmbiguous', '1.6', params));
}

const unmatched = (reason: Reason): HandoverMatch => ({ kind: 'unmatched', reason });

/** Several people of the new connector match one link: none gets it. */
export const contestedFormer = (first: string, second: string): Reason =>
  because('handoverAmbiguous', '1.6', { first, second });

/** The operation that moves a link with everything it knows; a matter of the store alone. */
export function moveUserLink(
  { externalId }: HandoverPerson,
  { former, by }: Extract<HandoverMatch, { kind: 'matched' }>
): DraftOperation {
  const { link, account } = former;
  const { username = null, email = null, displayName = null } = account ?? link.lastApplied ?? {};
  return moving({
    targetKey: link.targetKey,
    externalId,
    before: { connector: link.connectorId, externalId: link.externalId, state: link.state },
    after: { username, email, displayName },
    reasons: [because('handedOver', '1.6', { by })],
    linkVersion: link.version,
  });
}

/** What the first run after the hand-over does to a matched person by what is known now. */
export function followsOf(
  { wanted, active }: HandoverPerson,
  { account }: FormerLink
): Pick<HandoverCounts, 'renames' | 'deactivations'> {
  const isRenamed = account !== null && nameKey(account.username) !== nameKey(wanted.username);
  return {
    renames: isRenamed && active ? 1 : 0,
    deactivations: account?.active === true && !active ? 1 : 0,
  };
}

type Moving = Pick<DraftOperation, 'targetKey' | 'externalId' | 'before' | 'after' | 'reasons' | 'linkVersion'>;

export const moving = (parts: Moving): DraftOperation => ({
  phase: PHASE_OF_KIND.moveLink,
  kind: 'moveLink',
  gateKinds: [],
  follows: [],
  heldByRule: false,
  ...parts,
});

export function addHandover(a: HandoverCounts, b: Partial<HandoverCounts>): HandoverCounts {
  const names = Object.keys(NO_HANDOVER) as (keyof HandoverCounts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + (b[name] ?? 0)])) as Record<
    keyof HandoverCounts,
    number
  >;
}
