import { z } from 'zod';
import type { DirectoryAccount } from '../../domain/migration';
import type { Directories } from '../extras';
import { TargetError } from '../target';
import type { JiraClient } from './client';
import { listDirectories } from './crowd';

const duplicatedShape = z.record(
  z.string(),
  z.array(z.object({ directoryId: z.number(), directoryName: z.string().nullish(), userActive: z.boolean().nullish() }))
);

/** What is known of user directories: names in several of them since Jira 8.19, who lies where by the user server alone. */
export function directoriesOf(client: JiraClient, crowd: JiraClient | null): Directories {
  return {
    duplicated: (signal) => readDuplicated(client, signal),
    ...(crowd !== null && { list: (cursor, signal) => listDirectories(crowd, cursor, signal) }),
  };
}

/** Names of more than one directory, their accounts in the order of the directories; null where this Jira has no such list. */
async function readDuplicated(
  client: JiraClient,
  signal: AbortSignal
): Promise<ReadonlyMap<string, readonly DirectoryAccount[]> | null> {
  const call = {
    step: 'list the names of several directories',
    method: 'GET',
    path: '/user/duplicated/list',
    query: { flush: 'true' },
  } as const;
  try {
    const found = await client.request(call, duplicatedShape, signal);
    return new Map(
      Object.entries(found).map(([name, accounts]) => [
        name,
        accounts.map(({ directoryId, directoryName, userActive }) => ({
          directoryId: String(directoryId),
          directoryName: directoryName ?? null,
          active: userActive ?? null,
        })),
      ])
    );
  } catch (error) {
    if (error instanceof TargetError && error.kind === 'notFound') return null;
    throw error;
  }
}
