import { z } from 'zod';
import { MIGRATION_FINDINGS } from '../../domain/migration';
import { accountSchema } from './adoption';
import { time } from './schemas';

export const migrationFinding = z.enum(MIGRATION_FINDINGS);
const directoryAccount = z.object({
  directoryId: z.string(),
  directoryName: z.string().nullable(),
  active: z.boolean().nullable(),
});

export const migrationSchema = z
  .object({
    readAt: time,
    accounts: z.int(),
    counts: z.record(migrationFinding, z.int()),
    directories: z.record(z.string(), z.int()).meta({ description: 'Accounts by number of their directory' }),
    notes: z.array(z.string()).readonly().meta({ description: 'What this Jira cannot tell' }),
    items: z
      .array(
        z.object({
          account: accountSchema,
          directory: directoryAccount.nullable(),
          shadows: z.array(directoryAccount).readonly(),
          leads: z.array(z.string()).readonly(),
          link: z
            .object({ connectorId: z.string(), externalId: z.string(), username: z.string().nullable() })
            .nullable(),
          findings: z.array(migrationFinding).readonly(),
        })
      )
      .readonly(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'MigrationReport', description: 'The accounts of a Jira: where they lie, what they hide and lead' });
