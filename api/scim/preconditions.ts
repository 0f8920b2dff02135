import { ScimError } from '../../domain/scim/error';
import type { ScimRecord } from '../../store/scim-store';
import type { ScimCall } from './call';
import { etagOf } from './view';

const tagsOf = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim());
const isNamed = (header: string, record: ScimRecord): boolean =>
  tagsOf(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etagOf(record).replace(/^W\//, ''));

/** @throws ScimError 412 when the client wants to change another version than there is (RFC 7644 3.14) */
export function requireMatch({ headers }: ScimCall, record: ScimRecord): void {
  const header = headers['if-match'];
  if (header === undefined || isNamed(header, record)) return;
  throw new ScimError(412, null, 'The resource has changed: read it again.');
}

/** Whether the client has this version already. */
export function hasVersion({ headers }: ScimCall, record: ScimRecord): boolean {
  const header = headers['if-none-match'];
  return header !== undefined && isNamed(header, record);
}
