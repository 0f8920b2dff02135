import type { SliceRange } from '../../domain/ids';

/** A user or group as the provider pushed it; a deleted one is known as deleted. */
export interface PushedRecord {
  readonly id: string;
  /** Its number in the sequence of its kind, from 1. */
  readonly seq: number;
  /** JSON text of the attributes. */
  readonly json: string;
  readonly deleted: boolean;
  /** About how many members a group has. */
  readonly members: number;
}
interface PushedResources {
  last(connectorId: string): Promise<number>;
  /** Those with a number in from..to, in order, without deleted ones. */
  between(connectorId: string, from: number, to: number): Promise<readonly PushedRecord[]>;
  byIds(connectorId: string, ids: readonly string[]): Promise<readonly PushedRecord[]>;
  find(
    connectorId: string,
    key: { readonly by: 'name' | 'email'; readonly value: string },
    limit: number
  ): Promise<readonly PushedRecord[]>;
}
export interface PushedMembership {
  readonly groupId: string;
  readonly id: string;
  readonly type: 'User' | 'Group';
}

/** What was pushed to a connector, handed in by whoever has the store. */
export interface PushedRecords {
  readonly users: PushedResources;
  readonly groups: PushedResources;
  readonly members: {
    inSlices(connectorId: string, groupId: string, range: SliceRange): Promise<readonly PushedMembership[]>;
    of(connectorId: string, memberId: string): Promise<readonly PushedMembership[]>;
  };
  /** Finishes a change of members that was accepted for this group, where one is half-way. */
  settle(connectorId: string, groupId: string): Promise<void>;
}
