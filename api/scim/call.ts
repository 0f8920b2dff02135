import type { IncomingHttpHeaders } from 'node:http';
import type { AttributeRecord } from '../../domain/model';
import type { ScimKinds } from '../../domain/scim/kinds';
import type { ScimSettings } from '../../config/scim';
import type { ScimStore } from '../../store/scim-store';

/** What the handlers need from outside. */
export interface ScimDependencies {
  readonly store: ScimStore;
  readonly clock: () => Date;
  /** A new ULID of this moment. */
  readonly newMoment: () => string;
  /** The id of a new resource. */
  readonly newId: () => string;
  /** Something waits to be carried to the target. */
  readonly changed: (connectorId: string) => void;
}

/** A connector as far as its clients see it. */
export interface ScimConnector {
  readonly id: string;
  readonly settings: ScimSettings;
  readonly kinds: ScimKinds;
}

/** One request, behind authentication. */
export interface ScimCall {
  readonly connector: ScimConnector;
  readonly method: string;
  /** Of the path behind the connector, decoded. */
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where there is none. */
  readonly body: unknown;
  /** Address of the server as the client sees it, without a slash at its end. */
  readonly base: string;
}

export interface ScimReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, whole or in parts; absent: none. */
  readonly body?: string | AsyncIterable<string>;
}

export const jsonReply = (status: number, body: AttributeRecord | object): ScimReply => ({
  status,
  body: JSON.stringify(body),
});

/** The pattern of an address, for logs and metrics: ids and filters may name people. */
export function patternOf(segments: readonly string[]): string {
  const [first = '', second] = segments;
  const known = /^(Users|Groups|Schemas|ResourceTypes|ServiceProviderConfig|\.search|oauth|Bulk)$/i.test(first);
  if (!known) return '/scim/v2/{id}/…';
  const rest = second === undefined ? '' : second === '.search' || second === 'token' ? `/${second}` : '/{resource}';
  return `/scim/v2/{id}/${first}${rest}`;
}
