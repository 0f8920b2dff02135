import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { ResultView } from '../../api/views/result';
import { at } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { CliError } from '../errors';
import { resultTable } from '../show';
import { waitForRequest } from '../wait';
import type { Accepted } from './resource';

interface SyncOptions {
  readonly preview?: boolean;
  readonly login?: boolean;
  readonly attribute: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

/** `name=value`, collected over several options. */
export function nameAndValue(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('it must be of the form name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `rollcall users ...` */
export function addPeople(program: Command, around: Surroundings): void {
  program
    .command('users')
    .description('single people of a connector')
    .command('sync')
    .argument('<connector>')
    .argument('<person>', 'external id, username or e-mail address')
    .description('sync one person now')
    .option('--preview', 'only plan, write nothing')
    .option('--login', 'under the settings for log-ins')
    .option('--attribute <name=value>', 'what the log-in says of the person; may be repeated', nameAndValue, {})
    .option('--json', 'as JSON')
    .action(async (connector: string, person: string, options: SyncOptions, command: Command) => {
      const client = await clientFor(command, around);
      const body = {
        trigger: options.login === true ? 'login' : 'api',
        mode: options.preview === true ? 'preview' : 'sync',
        attributes: options.attribute,
      };
      const path = at('connectors', connector, 'users', person, 'sync');
      const sent = await client.request<Accepted & { readonly result?: ResultView }>(path, { method: 'POST', body });
      const result = sent.body.result ?? (await later(sent.body));
      await around.out(options.json === true ? asJson(result) : `${resultTable([result])}\n`);

      async function later({ requestId }: Accepted): Promise<ResultView> {
        around.tell('somebody else is changing this person, or the source is slow: waiting');
        const request = await waitForRequest(client, requestId, around);
        if (request.status === 'failed') throw new CliError(request.error ?? 'the sync failed');
        return request.result as unknown as ResultView;
      }
    });
}
