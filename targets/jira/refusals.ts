import type { z } from 'zod';
import { TargetError, type TargetErrorKind } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { permissionsShape } from './shapes';

export const isKind = (error: unknown, kind: TargetErrorKind): error is TargetError =>
  error instanceof TargetError && error.kind === kind;

/** Null where Jira says that there is no such thing. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isKind(error, 'notFound')) return null;
    throw error;
  }
}

/**
 * Sends a write. A 403 although the account administers Jira is not about permissions but about the object
 * ('readOnly'): its directory may not be written to, or it is a system administrator whom only others of them may change.
 */
export async function write<T>(
  client: JiraClient,
  call: JiraCall,
  shape: z.ZodType<T>,
  signal: AbortSignal
): Promise<T> {
  try {
    return await client.request(call, shape, signal);
  } catch (error) {
    if (!isKind(error, 'permission') || !(await administers(client, signal))) throw error;
    throw new TargetError(
      'readOnly',
      `${call.step}: refused to an administrator: the directory is read-only, or only system administrators may do this`,
      error.status
    );
  }
}

/** False also where nobody can tell. Only a system administrator may change another one. */
export async function isSystemAdministrator(client: JiraClient, signal: AbortSignal): Promise<boolean> {
  try {
    const { permissions } = await readPermissions(client, signal);
    return permissions.SYSTEM_ADMIN?.havePermission === true;
  } catch {
    return false;
  }
}

/** False also where nobody can tell: the first refusal then stands as it is. */
async function administers(client: JiraClient, signal: AbortSignal): Promise<boolean> {
  try {
    const { permissions } = await readPermissions(client, signal);
    return permissions.ADMINISTER?.havePermission === true;
  } catch {
    return false;
  }
}

export function readPermissions(client: JiraClient, signal: AbortSignal): Promise<z.infer<typeof permissionsShape>> {
  return client.request(
    { step: 'read own permissions', method: 'GET', path: '/mypermissions' },
    permissionsShape,
    signal
  );
}
