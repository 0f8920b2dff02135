import type { DraftOperation, Reason } from './operation';
import type { GroupLink, LedgerMembership, Link, SourceGroup, SourceUser, TargetUser } from './model';
import type { DecisionSettings, GroupRule } from './settings';

/** An attribute the mapping wants: a value to write, or `keep` what the target has. */
export type Wanted<T> = { readonly set: T } | 'keep';

export interface WantedAccount {
  /** Always a value: a user without one is not `inScope`. */
  readonly username: string;
  readonly email: Wanted<string | null>;
  readonly displayName: Wanted<string | null>;
  /** By key, those that are to be set, or cleared (null); what is not named is kept. */
  readonly properties: Readonly<Record<string, string | null>>;
  /** A picture as its address or its bytes, as the provider delivers it. */
  readonly avatar: Wanted<string | null>;
  /** Names of organizations; an empty list takes the person out of all that Rollcall added. */
  readonly organizations: Wanted<readonly string[]>;
}

/**
 * What scope and mapping make of a source user.
 * excluded: stops creation and updates (rules 3.2) · outOfScope: has its own lifecycle · invalid: held by `whenInvalid`.
 */
export interface PreparedUser {
  readonly externalId: string;
  readonly standing: 'inScope' | 'outOfScope' | 'excluded' | 'invalid';
  /** Whether the person may be active: what `mapping.active` makes of it, else what the provider says. */
  readonly active: boolean;
  readonly wanted: WantedAccount | null;
  /**
   * nameKey(wanted.username) and emailKey of the wanted e-mail; null where there is none,
   * and for a disabled user, who claims no name: his account is not renamed and nobody creates it.
   */
  readonly usernameKey: string | null;
  readonly emailKey: string | null;
  /**
   * Groups of `alwaysAdd` whose condition does not hold for the person, by nameKey: with a reason where it could not be
   * told, so that a membership is neither given nor taken.
   */
  readonly withheld: Readonly<Record<string, Reason | null>>;
  readonly reasons: readonly Reason[];
}

/** Who holds a name or an e-mail address among the accounts of the target. */
export type Holder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'one'; readonly account: TargetUser; readonly owner: HolderLink | null }
  | { readonly kind: 'many'; readonly keys: readonly string[] };

/** The link that already owns an account. */
export interface HolderLink {
  readonly connectorId: string;
  readonly externalId: string;
  /** False when the owner is absent from this run's proved read: a possible rehire (rules 1.3). */
  readonly seen: boolean;
}

/** Who else in the source wants the same value: null = nobody, else the external ids of two of them. */
export type Contest = readonly [string, string] | null;

/**
 * present: in this read · proved: absent from a complete read and confirmed by a look-up of the id ·
 * unproved: absent, but the read or the look-up proves nothing (nothing may be taken away) · disabled: absent from a
 * complete read, since the provider does not list disabled users; the look-up found him and says that he is disabled.
 */
export type Presence = 'present' | 'absentProved' | 'absentUnproved' | 'absentDisabled';

/** What is known of one person when a plan is made. */
export interface UserFacts {
  readonly externalId: string;
  readonly presence: Presence;
  /** Null unless `present`. */
  readonly source: SourceUser | null;
  readonly prepared: PreparedUser | null;
  /** Source groups (external ids) of which the user is a member, after flattening. */
  readonly groupIds: readonly string[];
  /** Names of these groups, as `groups.name` and `groups.transforms` make them; absent: none are known. */
  readonly groupNames?: readonly string[];
  readonly link: Link | null;
  /** The account of the link; null when there is no link or the account is gone. */
  readonly account: TargetUser | null;
  /** Names of the read target groups in which the account (linked or candidate) is a member, without `nestedGroups`. */
  readonly accountGroups: readonly string[];
  /** Those of which it is a member by way of a group within the group alone, where the target can tell (rules 2.8). */
  readonly nestedGroups?: readonly string[];
  readonly ledger: readonly LedgerMembership[];
  /** Who holds the wanted username and the wanted e-mail now. */
  readonly byUsername: Holder;
  readonly byEmail: Holder;
  readonly usernameContest: Contest;
  readonly emailContest: Contest;
  /** The verdict of planRenames for this user; null when the wanted name is free or its own. */
  readonly rename: RenameVerdict | null;
  /** For an absent user: a present user without a link who matches the account of this link (rules 1.3). */
  readonly rehiredAs?: string | null;
  /** Keys of the projects that the account of somebody who leaves leads, sorted; absent: none (rules 3.5). */
  readonly leads?: readonly string[];
  /** Groups of such an account that give access to a licensed application; absent: none are known. */
  readonly licenceGroups?: readonly string[];
}

/** One wanted rename whose new name another account of the target holds or leaves. */
export interface RenameEdge {
  readonly externalId: string;
  readonly targetKey: string;
  readonly fromKey: string;
  readonly toKey: string;
  /** Nobody in the target holds the wanted name. Absent counts as false: then nothing may be built on it. */
  readonly wantedIsFree?: boolean;
}
/** step: order within the serial rename shard, 0 first (rules 1.7, durability 3.2). */
export type RenameVerdict =
  { readonly verdict: 'chain'; readonly step: number } | { readonly verdict: 'held'; readonly reason: Reason };

/** What the run may conclude from what it read. */
export interface Completeness {
  readonly users: boolean;
  readonly groups: boolean;
  readonly memberships: boolean;
}

/** One target group that a source group (or alwaysAdd) stands for. */
export interface ManagedGroup {
  /** Target group name. */
  readonly name: string;
  readonly rule: GroupRule;
  /** The group exists in the target now. */
  readonly exists: boolean;
  /** Members are neither added nor removed, with the reason (adoption held, two source groups for one name, ...). */
  readonly held: Reason | null;
  /** An authoritative group whose foreign members were dealt with once (rules 2.6); see GroupLink. */
  readonly foreignSettled?: boolean;
}

/** The decision about all groups of a run. Keys of `byTargetKey` and `frozen` are nameKey(target group name). */
export interface GroupsDecision {
  /** Source group id -> the target groups it stands for (empty: excluded or dropped). */
  readonly bySourceId: Readonly<Record<string, readonly string[]>>;
  readonly byTargetKey: Readonly<Record<string, ManagedGroup>>;
  /**
   * Linked target groups whose source group is gone or has left `include`: what to do with owned memberships.
   * hold: plan the removals, held by rule (2.3) · remove: plan them under the gate · keep: leave them.
   */
  readonly frozen: Readonly<Record<string, { readonly action: 'hold' | 'keep' | 'remove'; readonly reason: Reason }>>;
  readonly alwaysAdd: readonly string[];
  readonly operations: readonly DraftOperation[];
  readonly warnings: readonly string[];
}

export interface GroupsInput {
  readonly settings: DecisionSettings;
  readonly groups: readonly SourceGroup[];
  readonly links: readonly GroupLink[];
  /** Names of groups that exist in the target, among those this run is about. */
  readonly existingNames: readonly string[];
  readonly complete: Completeness;
  /** Group ids whose absence a look-up by id confirmed. */
  readonly provedMissing: readonly string[];
}

/** An organization of the target, or `several` of one name: then nobody can tell which is meant. */
export type KnownOrganization = { readonly id: string; readonly name: string } | 'several';

export interface PlanContext {
  readonly settings: DecisionSettings;
  readonly targetId: string;
  readonly groups: GroupsDecision;
  readonly complete: Completeness;
  /** ISO time of the run's start; grace counts from here. */
  readonly now: string;
  /** Key of the account Rollcall itself uses: never touched (rules 3.4). */
  readonly syncAccountKey: string | null;
  /** Keys of members of protected groups, and of protected users. */
  readonly protectedKeys: ReadonlySet<string>;
  /** nameKeys of protected group names. */
  readonly protectedGroups: ReadonlySet<string>;
  /** Keys of accounts that are the last active member of a protected group: deactivating one is refused (rules 3.4). */
  readonly lastMemberKeys?: ReadonlySet<string>;
  /** Organizations of the target by nameKey; absent where the mapping has none. */
  readonly organizations?: Readonly<Record<string, KnownOrganization>>;
  /** The account that takes over projects; null where the named one does not exist or is inactive (rules 3.5). */
  readonly leadSuccessor?: { readonly key: string; readonly username: string } | null;
}

/** Times and memberships to note beside the plan; they take nothing away and are no operations. */
export interface Bookkeeping {
  readonly missingSince: string | null;
  readonly outOfScopeSince: string | null;
  readonly disabledSince: string | null;
  /** Asserted by the source and already there: owned from now on as `adopted` (rules 2.6). */
  readonly adoptedGroups: readonly string[];
  /** Ledger entries whose membership is gone from the target and no longer asserted. */
  readonly forgottenGroups: readonly string[];
}

/** The plan for one person. `standing` is what the result shows when no operation says more. */
export interface UserPlan {
  readonly operations: readonly DraftOperation[];
  readonly standing: 'unchanged' | 'skipped' | 'held';
  readonly reasons: readonly Reason[];
  /** Null where there is no link to note anything on. */
  readonly bookkeeping: Bookkeeping | null;
}
