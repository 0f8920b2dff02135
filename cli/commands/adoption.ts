import type { Command } from 'commander';
import type { z } from 'zod';
import type { adoptionSchema } from '../../api/views/adoption';
import { at } from '../client';
import type { ApiClient, Query } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { facts, table } from '../table';

export type AdoptionView = z.output<typeof adoptionSchema>;

interface AdoptionOptions {
  readonly kind?: string;
  readonly q?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** `rollcall adoption CONNECTOR` */
export function addAdoption(program: Command, around: Surroundings): void {
  program
    .command('adoption')
    .argument('<connector>')
    .description('what the people of the source find among the accounts of Jira, from what the last run has read')
    .option('--list', 'list them')
    .option('--kind <kind>', 'list these only: exact, caseOnly, inactive, ambiguous, ...')
    .option('--q <text>', 'list only usernames that begin so, or this external id')
    .option('--json', 'as JSON')
    .action(async (connector: string, { kind, q, list, json }: AdoptionOptions, command: Command) => {
      const client = await clientFor(command, around);
      const lists = list === true || kind !== undefined || q !== undefined;
      const path = at('connectors', connector, 'adoption');
      const found = lists
        ? await everyPage<AdoptionView>(client, path, { kind, q })
        : await client.get<AdoptionView>(path, { limit: 1 });
      if (json === true) {
        const { items: _items, nextCursor: _nextCursor, ...head } = found;
        return around.out(asJson(lists ? found : head));
      }
      await around.out(`${adoptionText(found)}\n`);
      if (lists) await around.out(`\n${adoptionTable(found.items)}\n`);
    });
}

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** A report with the items of all its pages. */
export async function everyPage<T extends Page>(client: ApiClient, path: string, query: Query): Promise<T> {
  const first = await client.get<T>(path, { ...query, limit: 500 });
  const items = [...first.items];
  for (let cursor = first.nextCursor; cursor !== null;) {
    const page = await client.get<T>(path, { ...query, limit: 500, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return { ...first, items, nextCursor: null };
}

/** The counts, without what is zero. */
export function adoptionText({ runId, readAt, counts }: AdoptionView): string {
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    facts([['read by', `${runId} (${readAt})`]]),
    '',
    table(
      ['KIND', 'PEOPLE'],
      counted.map(([kind, count]) => [kind, String(count)])
    ),
  ].join('\n');
}

function adoptionTable(items: AdoptionView['items']): string {
  return table(
    ['PERSON', 'KIND', 'WANTED', 'ACCOUNTS', 'WHY'],
    items.map(({ externalId, kind, wanted, accounts, differences, rivals, reasons }) => [
      externalId,
      kind,
      wanted?.username ?? '',
      accounts.map(({ username, key }) => `${username} (${key})`).join(', '),
      [
        ...(differences.length > 0 ? [`other ${differences.join(', ')}`] : []),
        ...(rivals.length > 0 ? [`also ${rivals.join(', ')}`] : []),
        ...reasons.map(({ rule, code, params }) => [rule, code, params?.['why'] ?? ''].join(' ').trim()),
      ].join('; '),
    ])
  );
}
