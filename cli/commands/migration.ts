import type { Command } from 'commander';
import type { z } from 'zod';
import type { migrationSchema } from '../../api/views/migration';
import { at } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { CliError } from '../errors';
import { facts, table } from '../table';
import { waitForRequest } from '../wait';
import { everyPage } from './adoption';

export type MigrationView = z.output<typeof migrationSchema>;

interface ReportOptions {
  readonly latest?: boolean;
  readonly finding?: string;
  readonly q?: string;
  readonly json?: boolean;
}

/** `rollcall migrate report TARGET` */
export function addMigration(program: Command, around: Surroundings): void {
  program
    .command('migrate')
    .description('what to know before a Jira is brought under Rollcall')
    .command('report')
    .argument('<target>')
    .description('read all accounts: where they lie, what they hide and lead; writes nothing')
    .option('--latest', 'show the latest report instead of reading again')
    .option('--finding <finding>', 'list only accounts with shadows, nameMismatch or leads')
    .option('--q <text>', 'list only usernames that begin so, or this key')
    .option('--json', 'as JSON')
    .action(async (target: string, { latest, json, finding, q }: ReportOptions, command: Command) => {
      const client = await clientFor(command, around);
      const path = at('targets', target, 'migration-report');
      if (latest !== true) {
        const { body } = await client.request<{ requestId: string }>(path, { method: 'POST' });
        const request = await waitForRequest(client, body.requestId, around);
        if (request.status === 'failed') throw new CliError(request.error ?? 'the report failed');
      }
      const found = await everyPage<MigrationView>(client, path, { finding, q });
      await around.out(json === true ? asJson(found) : `${migrationText(found)}\n`);
    });
}

function migrationText({ readAt, accounts, counts, directories, notes, items }: MigrationView): string {
  return [
    facts([
      ['read at', readAt],
      ['accounts', String(accounts)],
      ...Object.entries(counts).map(([finding, count]) => [finding, String(count)] as const),
      ...Object.entries(directories).map(([id, count]) => [`directory ${id}`, String(count)] as const),
      ...notes.map((note) => ['note', note] as const),
    ]),
    '',
    table(
      ['ACCOUNT', 'KEY', 'DIRECTORY', 'HIDES', 'LEADS', 'KEPT BY', 'AS'],
      items.map(({ account, directory, shadows, leads, link }) => [
        account.username,
        account.key,
        directory?.directoryName ?? directory?.directoryId ?? '',
        shadows.map(({ directoryId, directoryName }) => directoryName ?? directoryId).join(', '),
        leads.join(', '),
        link?.connectorId ?? '',
        link?.username ?? '',
      ])
    ),
  ].join('\n');
}
