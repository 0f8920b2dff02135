import type { GateException } from './gate-exceptions';
import type { MappingSettings, Transform } from './mapping-settings';
import type { GateKind } from './operation';

export type {
  AttributeRule,
  MappingSettings,
  OrganizationRule,
  Transform,
  WhenEmpty,
  WhenInvalid,
  WhenNoMatch,
} from './mapping-settings';

/** Settings of a connector as the decisions see them; config/ parses and checks them (rules 7). */
/** Which source groups are meant: a glob over names, an id, or a condition in CEL about `group`. */
export type GroupPattern = string | { readonly expression: string };
export interface ScopeSettings {
  /** Empty: everybody. */
  readonly requiredGroups: readonly GroupPattern[];
  readonly excludeGroups: readonly GroupPattern[];
  /** A condition in CEL about `user`; absent or '': none. */
  readonly where?: string;
  /** External ids or usernames that never take part. */
  readonly exclude: readonly string[];
  readonly existingOnly: boolean;
}
export type MatchKey = 'email' | { readonly username: { readonly confirm: 'email' | 'none' } };
export interface MatchSettings {
  readonly adopt: 'ask' | 'auto' | 'never';
  readonly by: readonly MatchKey[];
  readonly domains: readonly string[];
  readonly rehire: 'hold';
}
export interface UserActionSettings {
  readonly create: boolean;
  readonly update: boolean;
  readonly rename: boolean;
  readonly deactivate: boolean;
  readonly reactivate: 'own' | 'always' | 'never';
}
export interface GroupRule {
  readonly match: string;
  readonly mode: 'managed' | 'authoritative' | 'additive';
  readonly create: boolean;
  readonly sensitive: boolean;
}
/** A group that everybody active gets; with `when`, a condition in CEL about `user`, those for whom it holds. */
export interface AlwaysAdd {
  readonly group: string;
  readonly when?: string;
}
export interface GroupSettings {
  /** Path into the attributes of a source group whose value is its name; absent or null: the provider's name. */
  readonly name?: { readonly source: string } | null;
  /** Kinds of source groups that take part, as the attribute `kind` says; absent or null: all. */
  readonly kinds?: readonly string[] | null;
  /** Make the name by which every other rule knows a source group. */
  readonly transforms?: readonly Transform[];
  /** True: a source group whose name a transform does not match takes no part. */
  readonly dropUnmatched?: boolean;
  /** Null: scope.requiredGroups, or every group where there are none. An empty list: no groups at all. */
  readonly include: readonly GroupPattern[] | null;
  readonly exclude: readonly GroupPattern[];
  readonly rules: readonly GroupRule[];
  readonly alwaysAdd: readonly AlwaysAdd[];
  /** Globs over target names; nobody is removed from these. */
  readonly keep: readonly string[];
  readonly map: Readonly<Record<string, readonly string[]>>;
  readonly adopt: 'ask' | 'byName' | 'never';
  readonly onRename: 'keepTarget' | 'createNew' | 'hold';
  readonly missing: 'hold' | 'keep' | 'remove';
  readonly outOfScope: 'keep' | 'remove';
}
/** What may follow later; the last two cannot be undone. */
export type FinalAction = 'removeGroups' | 'pseudonymize' | 'anonymize' | 'delete';
export interface LifecycleStep {
  readonly action: 'deactivate' | 'keep' | FinalAction;
  readonly graceDays: number;
  /** So many days after the account was deactivated, or after the grace where `action` does not deactivate. */
  readonly then?: { readonly afterDays: number; readonly action: FinalAction } | undefined;
  /** The id of the connector, written where a step cannot be undone. */
  readonly confirm?: string | undefined;
}
/** What becomes of a leaver who leads projects: the account stays until somebody else does, or one named account takes over. */
export type LeadSettings = { readonly action: 'hold' } | { readonly action: 'replaceWith'; readonly user: string };
export interface LifecycleSettings {
  readonly disabled: LifecycleStep;
  readonly missing: LifecycleStep;
  readonly outOfScope: LifecycleStep;
  readonly unmatched: { readonly action: 'report' };
  readonly groupsOnDeactivate: 'keep' | 'drop';
  readonly leads: LeadSettings;
  /** A condition about a leaver: who fulfils it keeps everything. Empty: nobody does (rules 3.6). */
  readonly keepIf: string;
}
export interface ProtectedSettings {
  /** Usernames of the target. */
  readonly users: readonly string[];
  /** Group names of the target. */
  readonly groups: readonly string[];
}
export interface CountLimit {
  readonly floor: number;
  readonly percent: number;
  readonly ceiling: number;
}
export type CountedGateKind = Exclude<GateKind, 'groupLoss' | 'sensitive'>;
export interface SafetySettings {
  readonly firstRun: 'hold' | 'pass';
  readonly limits: Readonly<Record<CountedGateKind, CountLimit>> & {
    readonly groupLoss: { readonly percent: number; readonly minMembers: number };
    readonly sourceShrink: { readonly floor: number; readonly percent: number };
  };
  readonly onExceed: 'holdKind' | 'holdRun';
  /** Whether additions wait for which the licence of the target has no seat. */
  readonly seats: 'holdAdditions' | 'ignore';
  /** Planned days with higher limits (rules 4.5). */
  readonly exceptions: readonly GateException[];
  /** So many people are changed and read back before all others; 0: nobody is. */
  readonly canary: { readonly users: number };
}
export interface ApprovalSettings {
  readonly when: 'never' | 'onExceed' | 'always';
  /** Hours. */
  readonly expiresAfterHours: number;
  readonly planMaxAgeHours: number;
}
export interface ScheduleSettings {
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly enabled: boolean;
  readonly jitterSeconds: number;
}

/** How often everything is read though a provider could tell what changed: at least once in this time. */
export type FullRead = 'daily' | 'weekly' | 'monthly';

/** What a sync of one person at a log-in may do, and how the person is found. */
export interface LoginSettings {
  /** What the identifier of the log-in is tried as first. */
  readonly lookup: 'externalId' | 'username' | 'email';
  readonly create: boolean;
  readonly rename: boolean;
  readonly reactivate: UserActionSettings['reactivate'];
  /** What becomes of attributes that the log-in brings: `fill` completes only what the source leaves empty. */
  readonly attributes: 'ignore' | 'fill' | 'overwrite';
}

/** Everything a plan depends on besides the two states. */
export interface DecisionSettings {
  readonly mapping: MappingSettings;
  readonly scope: ScopeSettings;
  readonly match: MatchSettings;
  readonly users: { readonly actions: UserActionSettings };
  readonly groups: GroupSettings;
  readonly lifecycle: LifecycleSettings;
  readonly protected: ProtectedSettings;
  readonly safety: SafetySettings;
  readonly approval: ApprovalSettings;
}
