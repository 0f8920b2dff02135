import { z } from 'zod';
import type { AttributeRecord, AttributeValue } from '../domain/model';
import type { SealedConfig } from '../store/records';
import { MASK, SecretError, keepMasked, openSecrets, sealSecrets } from '../store/secrets';
import type { SecretBox } from '../store/secrets';
import { Problem } from './http/problem';

/** Whose secrets; a sealed secret opens under its record's id only. */
export interface SecretOwner {
  readonly kind: 'connector' | 'target';
  readonly id: string;
}

/** The id under which the secrets of a record are sealed; activities open them under the same. */
export const secretContext = ({ kind, id }: SecretOwner): string => `${kind}:${id}`;

/** The member that marks a sealed secret in the store; nobody may send it. */
const SEALED = '$sealed';

function sealedPlaces(value: AttributeValue, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as AttributeRecord).flatMap(([name, item]) => {
    const place = [...path, name];
    return name === SEALED ? [place] : sealedPlaces(item, place);
  });
}

/** A configuration as an admin sends it: any JSON object that does not pretend to hold a sealed secret. config/ checks the rest. */
export const writtenConfig = z
  .custom<AttributeRecord>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be a section with keys',
  })
  .superRefine((value, context) => {
    for (const path of sealedPlaces(value, [])) {
      context.addIssue({ code: 'custom', path: [...path], message: 'is not a known key' });
    }
  });

function valueAt(config: AttributeRecord, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    config
  );
}

/**
 * Encrypts the secrets of a checked configuration.
 * @throws Problem invalid where the mask stands for a secret that is not stored
 */
export function sealConfig(
  written: AttributeRecord,
  paths: readonly (readonly string[])[],
  box: SecretBox,
  owner: SecretOwner
): SealedConfig {
  const errors = paths
    .filter((path) => valueAt(written, path) === MASK)
    .map((path) => ({ path: path.join('.'), message: 'has no stored secret to keep: send the secret' }));
  if (errors.length > 0) throw new Problem('invalid', 'The configuration is not valid.', { errors });
  return sealSecrets(written, paths, box, secretContext(owner));
}

/** A stored configuration with its secrets in clear. @throws SecretError when the key is gone */
export function openConfig(stored: SealedConfig, box: SecretBox, owner: SecretOwner): AttributeRecord {
  return openSecrets(stored, box, secretContext(owner));
}

/**
 * A configuration as written with '(secret)' replaced by the stored secret of the same place, in clear.
 * @throws Problem invalid when that secret cannot be opened any more, or would go to another address than before
 */
export function fillMasked(
  written: AttributeRecord,
  stored: SealedConfig,
  box: SecretBox,
  owner: SecretOwner
): AttributeRecord {
  refuseForOtherAddress(written, stored);
  try {
    return openConfig(keepMasked(written, stored), box, owner);
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    const errors = [{ path: '', message: error.message }];
    throw new Problem('invalid', 'A stored secret cannot be kept; send every secret anew.', { errors, cause: error });
  }
}

type Place = readonly [path: string, value: AttributeValue];

function leaves(value: AttributeValue, path = ''): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value as AttributeRecord).flatMap(([name, item]) =>
    leaves(item, path === '' ? name : `${path}.${name}`)
  );
}

const ADDRESS = /url$/i;

/** Who may change an address but does not know the secret must not have it sent there. */
function refuseForOtherAddress(written: AttributeRecord, stored: SealedConfig): void {
  const now = leaves(written);
  if (!now.some(([, value]) => value === MASK)) return;
  const before = new Map(leaves(stored));
  const moved = now.filter(([path, value]) => ADDRESS.test(path) && before.get(path) !== value).map(([path]) => path);
  if (moved.length === 0) return;
  const errors = moved.map((path) => ({
    path,
    message: 'is another address than the stored secret was given for: send the secret with it',
  }));
  throw new Problem('invalid', 'A stored secret is never sent to a new address.', { errors });
}
