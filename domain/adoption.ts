import type { PlanContext, UserFacts, WantedAccount } from './facts';
import { findMatch } from './matching';
import type { Link, TargetUser } from './model';
import { emailKey, nameKey } from './names';
import type { Reason } from './operation';

/**
 * What a source user without an account of his own finds in the target (rules 1.2, 1.3, 3.8).
 * exact: name and address are the same · caseOnly: they differ in case only, so adopting renames nobody · differs: adopting
 * leads to a rename or a new address · externalDirectory: linked, and its directory refuses writes · inactive, protected,
 * otherDomain, owned: an account matches but may not be taken · ambiguous: several accounts match · contested: several source
 * users want the account · nameTaken: an account that does not match has the username · rehire: perhaps the same person
 * under a new id.
 */
export const ADOPTION_KINDS = [
  'exact',
  'caseOnly',
  'differs',
  'externalDirectory',
  'inactive',
  'ambiguous',
  'contested',
  'nameTaken',
  'otherDomain',
  'protected',
  'owned',
  'rehire',
] as const;
export type AdoptionKind = (typeof ADOPTION_KINDS)[number];
export type AdoptionCounts = Readonly<Partial<Record<AdoptionKind, number>>>;

export const DIFFERING = ['username', 'email', 'displayName'] as const;

/** One source user of the adoption report. */
export interface AdoptionFinding {
  readonly externalId: string;
  readonly kind: AdoptionKind;
  /** What it was matched by; null where nothing may be adopted. */
  readonly by: 'email' | 'username' | null;
  /** What the mapping wants; null where the person has no mapped name. */
  readonly wanted: { readonly username: string; readonly email: string | null } | null;
  /** Attributes of a candidate that are not written as the mapping would write them, a difference in case included. */
  readonly differences: readonly (typeof DIFFERING)[number][];
  /** Keys of the accounts that it is about: two where two are meant. */
  readonly accountKeys: readonly string[];
  /** External ids of the source users that want the same; empty where nobody else does. */
  readonly rivals: readonly string[];
  readonly reasons: readonly Reason[];
}

/** The report's line about one person, or null where there is nothing to tell: linked, out of scope, or simply new. */
export function adoptionOf(facts: UserFacts, ctx: PlanContext): AdoptionFinding | null {
  const { link, prepared, source, account } = facts;
  if (link?.state === 'externalDirectory' && account !== null) {
    return finding(facts, { kind: 'externalDirectory', accountKeys: [account.key] });
  }
  const wanted = prepared?.wanted ?? null;
  if (isLinked(link) || source?.active !== true || wanted === null) return null;
  const match = findMatch(facts, ctx);
  switch (match.kind) {
    case 'none':
      return null;
    case 'syncAccount':
      return finding(facts, {
        kind: 'protected',
        accountKeys: ctx.syncAccountKey === null ? [] : [ctx.syncAccountKey],
      });
    case 'candidate': {
      const differences = differencesOf(match.account, wanted);
      const kind = kindOfCandidate(match.account, wanted);
      return finding(facts, { kind, by: match.by, differences, accountKeys: [match.account.key] });
    }
    case 'held':
      return refusedFinding(facts, match.reasons);
  }
}

/** Adds findings up by kind. */
export function countAdoption(findings: readonly AdoptionFinding[]): AdoptionCounts {
  const counts: Partial<Record<AdoptionKind, number>> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const isLinked = (link: Link | null): boolean =>
  link !== null && link.targetKey !== null && link.state !== 'released' && link.state !== 'pending';

function finding(
  { externalId, prepared }: UserFacts,
  parts: Pick<AdoptionFinding, 'kind' | 'accountKeys'> & Partial<AdoptionFinding>
): AdoptionFinding {
  const wanted = prepared?.wanted ?? null;
  return {
    externalId,
    by: null,
    wanted: wanted === null ? null : { username: wanted.username, email: wantedEmail(wanted) },
    differences: [],
    rivals: [],
    reasons: [],
    ...parts,
  };
}

const wantedEmail = ({ email }: WantedAccount): string | null => (email === 'keep' ? null : email.set);

function differencesOf(account: TargetUser, wanted: WantedAccount): AdoptionFinding['differences'] {
  const { displayName } = wanted;
  const email = wantedEmail(wanted);
  const differs = {
    username: account.username !== wanted.username,
    email: email !== null && account.email !== null && account.email !== email,
    displayName: displayName !== 'keep' && displayName.set !== null && displayName.set !== account.displayName,
  };
  return DIFFERING.filter((name) => differs[name]);
}

/** The kinds are about who it is, hence about name and address: a new display name confuses nobody. */
function kindOfCandidate(account: TargetUser, wanted: WantedAccount): 'exact' | 'caseOnly' | 'differs' {
  const differences = differencesOf(account, wanted).filter((name) => name !== 'displayName');
  if (differences.length === 0) return 'exact';
  const email = wantedEmail(wanted);
  const sameName = nameKey(account.username) === nameKey(wanted.username);
  const sameEmail = email === null || account.email === null || emailKey(account.email) === emailKey(email);
  return sameName && sameEmail ? 'caseOnly' : 'differs';
}

/** Why a match was refused, by the `why` of its reason (matching.ts); the first that applies names the kind. */
const REFUSALS: readonly (readonly [why: string, kind: AdoptionKind])[] = [
  ['several', 'ambiguous'],
  ['syncAccount', 'protected'],
  ['owned', 'owned'],
  ['inactive', 'inactive'],
  ['protected', 'protected'],
  ['domain', 'otherDomain'],
];

function refusedFinding(facts: UserFacts, reasons: readonly Reason[]): AdoptionFinding {
  const kind = kindOfRefusal(reasons);
  const shown = reasons.flatMap(({ params = {} }) => [params['account'], params['first'], params['second']]);
  const named = [...new Set(shown.filter((value) => value !== undefined))];
  if (kind !== 'contested') return finding(facts, { kind, accountKeys: named, reasons });
  const holders = [facts.byUsername, facts.byEmail].flatMap((holder) =>
    holder.kind === 'one' ? holder.account.key : []
  );
  return finding(facts, {
    kind,
    accountKeys: [...new Set(holders)],
    rivals: named.filter((id) => id !== facts.externalId),
    reasons,
  });
}

function kindOfRefusal(reasons: readonly Reason[]): AdoptionKind {
  const codes = new Set(reasons.map(({ code }) => code));
  if (codes.has('usernameContest') || codes.has('emailContest')) return 'contested';
  if (codes.has('rehire')) return 'rehire';
  if (codes.has('nameTaken')) return 'nameTaken';
  const whys = new Set(reasons.map(({ params }) => params?.['why']));
  return REFUSALS.find(([why]) => whys.has(why))?.[1] ?? 'ambiguous';
}
