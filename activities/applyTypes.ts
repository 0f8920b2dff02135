import type { AttributeRecord, DesiredAccount, Link, LinkState } from '../domain/model';
import type { OperationStatus } from '../domain/operation';
import type { StoredLink } from '../store/link-records';
import type { OperationRecord } from '../store/records';
import type { ProvisioningTarget } from '../targets/target';
import type { ConnectorConfig } from '../config/connector';
import type { ActivityDeps } from './deps';
import type { Slot } from './runContext';

/** What the operations of one batch share. */
export interface ApplyScope {
  readonly deps: ActivityDeps;
  readonly target: ProvisioningTarget;
  readonly slot: Slot;
  readonly settings: ConnectorConfig;
  readonly connectorId: string;
  readonly targetId: string;
  /** Of the target's configuration. */
  readonly targetVersion: number;
  readonly signal: AbortSignal;
  /** nameKeys of target groups that may be written: linked, or named by the configuration. */
  readonly writableGroups: ReadonlySet<string>;
  /** Source group id -> its name at the provider, for new group links; filled for batches of groups only. */
  readonly sourceNames: ReadonlyMap<string, string>;
  /** The picture that the mapping wants for a user, as the source of the plan has it; null where there is none. */
  readonly pictureOf: (externalId: string) => Promise<string | null>;
  /** Id of an organization that did not exist when the plan was made, created if need be; null where several have the name. */
  readonly organization: (name: string) => Promise<string | null>;
  /** The plan is too old to trust its snapshot: every before-image is read again (durability 3.5). */
  readonly verifyFirst: boolean;
}

/** What became of one operation: its status, and what the link and the ledger have to remember. */
export interface Applied {
  readonly status: Extract<OperationStatus, 'done' | 'stale' | 'conflict' | 'failed'>;
  readonly error: string | null;
  readonly link?: LinkChange;
  readonly membership?: { readonly group: string; readonly addedBy: 'us' | 'adopted' | null };
}
export interface LinkChange {
  readonly targetKey?: string;
  readonly state?: LinkState;
  readonly account?: Partial<DesiredAccount>;
  readonly lastDeactivatedBy?: Link['lastDeactivatedBy'];
  readonly lastDeactivatedCause?: Link['lastDeactivatedCause'];
  readonly lastDeactivatedAt?: string | null;
  readonly sessionsEnded?: boolean;
  /** nameKey of one more group whose membership the directory refused. */
  readonly refusedMembership?: string;
  readonly refusedUnder?: number;
  readonly property?: { readonly name: string; readonly value: string | null };
  readonly organization?: { readonly name: string; readonly isMember: boolean };
  readonly beforePseudonym?: DesiredAccount;
  readonly erasureTask?: string;
  readonly lastPicture?: string | null;
  /** Given together for a new account. */
  readonly lastProperties?: AttributeRecord;
  readonly organizations?: readonly string[];
}
/** One user operation in its turn: `link` is the leased link with what earlier operations of this batch changed. */
export interface UserTurn {
  readonly operation: OperationRecord;
  readonly link: StoredLink;
  /** Found `applying` from an older attempt, or its answer was lost: read before anything is repeated. */
  readonly readFirst: boolean;
}

/** What is said of an operation whose person never got an account. */
export const NO_ACCOUNT = 'the account of this user does not exist';

/** A text of an image, or null where it has none. */
export const textOf = (record: AttributeRecord | null, name: string): string | null => {
  const value = record?.[name];
  return typeof value === 'string' ? value : null;
};

export const done = (change: Omit<Applied, 'status' | 'error'> = {}): Applied => ({
  status: 'done',
  error: null,
  ...change,
});
export const ended = (status: 'stale' | 'conflict' | 'failed', error: string): Applied => ({ status, error });
