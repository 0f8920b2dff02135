import type { AttributeRecord } from '../model';
import { nameKey } from '../names';
import { isList, isRecord } from './json';
import type { ScimKind } from './kinds';
import { addressKey } from './lookup';
import { uniqueName } from './resource';

/** What a resource is found by; names are normalised (durability 1.3), ids as they are. */
export interface ResourceKeys {
  readonly name: string;
  readonly externalId: string | null;
  /** Without repetition; empty for groups. */
  readonly emails: readonly string[];
}

/** @param resource one that `checkResource` let pass */
export function keysOf(kind: ScimKind, resource: AttributeRecord): ResourceKeys {
  const name = resource[uniqueName(kind)];
  const externalId = resource['externalId'];
  return {
    name: nameKey(typeof name === 'string' ? name : ''),
    externalId: typeof externalId === 'string' ? externalId : null,
    emails: kind.name === 'User' ? [...new Set(addressesOf(resource).map(addressKey))] : [],
  };
}

function addressesOf(resource: AttributeRecord): readonly string[] {
  const emails = resource['emails'];
  if (!isList(emails)) return [];
  return emails.flatMap((email) => {
    const value = isRecord(email) ? email['value'] : undefined;
    return typeof value === 'string' ? [value] : [];
  });
}
