import type { Command } from 'commander';
import type { z } from 'zod';
import type { whatIfPersonSchema, whatIfSchema } from '../../api/views/what-if';
import { at, eachItem } from '../client';
import type { ApiClient } from '../client';
import { readConfigFile } from '../config-file';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { CliError, usageError } from '../errors';
import { facts, table } from '../table';
import { waitForRequest } from '../wait';

export type WhatIfView = z.output<typeof whatIfSchema>;
export type WhatIfPersonView = z.output<typeof whatIfPersonSchema>;

interface WhatIfOptions {
  readonly file: string;
  readonly people?: boolean;
  readonly change?: string;
  readonly json?: boolean;
}

/** `rollcall what-if -f FILE` */
export function addWhatIf(program: Command, around: Surroundings): void {
  program
    .command('what-if')
    .description('show what another configuration would do, from what the last run has read; changes nothing')
    .requiredOption('-f, --file <path>', 'the connector as it would be saved, YAML or JSON; - is standard input')
    .option('--people', 'list the people whom it would treat in another way')
    .option('--change <change>', 'list those people only whom it changes so, for example created or losesGroups')
    .option('--json', 'as JSON')
    .action(async ({ file, people, change, json }: WhatIfOptions, command: Command) => {
      const client = await clientFor(command, around);
      const config = await readConfigFile(file, around.env);
      if (typeof config.id !== 'string') throw usageError(`${file}: has no id`);
      const found = await askWhatIf(client, config.id, config, around);
      await around.out(json === true ? asJson(found) : `${whatIfText(found)}\n`);
      if (people !== true && change === undefined) return;
      const path = at('connectors', config.id, 'what-if', found.requestId, 'people');
      const listed: WhatIfPersonView[] = [];
      for await (const person of eachItem<WhatIfPersonView>(client, path, { change, limit: 500 })) listed.push(person);
      await around.out(json === true ? asJson(listed) : `\n${peopleTable(listed)}\n`);
    });
}

async function askWhatIf(client: ApiClient, id: string, config: object, around: Surroundings): Promise<WhatIfView> {
  const { body } = await client.request<{ requestId: string } & Partial<WhatIfView>>(at('connectors', id, 'what-if'), {
    method: 'POST',
    body: { config },
  });
  if (body.hash !== undefined) return body as WhatIfView;
  around.tell('many people: waiting');
  const request = await waitForRequest(client, body.requestId, around);
  if (request.status === 'failed') throw new CliError(request.error ?? 'the what-if failed');
  return { ...(request.result as unknown as WhatIfView), requestId: body.requestId };
}

/** The numbers, saved configuration beside the other one, without what is zero in both. */
export function whatIfText(found: WhatIfView): string {
  const counted = [
    ...Object.entries(found.changes),
    ['groups created', found.groupsCreated] as const,
    ['groups adopted', found.groupsAdopted] as const,
    ...Object.entries(found.rules).sort(([a], [b]) => (a < b ? -1 : 1)),
  ].filter(([, { now, then }]) => now > 0 || then > 0);
  const held = found.gate.filter(({ verdict }) => verdict === 'held');
  return [
    facts([
      ['read by', `${found.runId} (${found.readAt})`],
      ['people', `${found.people}, ${found.differing} of them treated in another way`],
      ...held.map(({ kind, count, limit }) => ['would be held', `${kind}: ${count}, limit ${limit}`] as const),
      ...found.holdReasons.map((reason) => ['would be held', reason] as const),
      ...found.warnings.map((warning) => ['not known', warning] as const),
      ['hash', found.hash],
    ]),
    '',
    table(
      ['WHAT', 'SAVED', 'THEN'],
      counted.map(([name, { now, then }]) => [name, String(now), String(then)])
    ),
  ].join('\n');
}

function peopleTable(people: readonly WhatIfPersonView[]): string {
  return table(
    ['PERSON', 'USERNAME', 'SAVED', 'THEN', 'WHY'],
    people.map(({ externalId, username, before, changes, reasons }) => [
      externalId,
      username ?? '',
      before.join(', '),
      changes.join(', '),
      reasons.map(({ rule, code }) => `${rule} ${code}`).join(', '),
    ])
  );
}
