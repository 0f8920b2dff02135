import { ulid } from 'ulid';
import type { ResourceKeys } from '../../domain/scim/keys';
import type { NewScimRecord, ScimRecord, ScimResourceRepository } from '../../store/scim-store';
import { NOW } from './support';

/** A moment as acceptance marks it. */
export const moment = (at = Date.parse(NOW)): string => ulid(at);

type Changes = Partial<Omit<NewScimRecord, 'keys'>> & { readonly keys?: Partial<ResourceKeys> };

export function scimUser(id: string, changes: Changes = {}): NewScimRecord {
  const { keys, ...rest } = changes;
  return {
    connectorId: 'corp',
    id,
    json: `{"userName":"${id}"}`,
    moment: moment(),
    now: NOW,
    takesAway: false,
    intent: null,
    ...rest,
    keys: { name: id, externalId: null, emails: [], ...keys },
  };
}

/** Inserts, and fails where the name is taken. */
export async function inserted(repository: ScimResourceRepository, record: NewScimRecord): Promise<ScimRecord> {
  const made = await repository.insert(record);
  if (made === 'taken') throw new Error(`the name of ${record.id} is taken`);
  return made;
}
