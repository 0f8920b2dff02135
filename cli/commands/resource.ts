import type { Command } from 'commander';
import type { z } from 'zod';
import type { acceptedSchema } from '../../api/views/request';
import { at } from '../client';
import type { ApiClient, Sent } from '../client';
import { readConfigFile } from '../config-file';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { CliError, usageError } from '../errors';
import { table } from '../table';
import { waitForRequest } from '../wait';

export type Accepted = z.output<typeof acceptedSchema>;

/** What targets and connectors have in common. */
export interface Resource {
  readonly name: 'targets' | 'connectors';
  readonly one: string;
  /** Whether saving may be told to go on although golden users come out otherwise. */
  readonly golden?: boolean;
}

interface SaveOptions {
  readonly file: string;
  readonly acceptGolden?: boolean;
  readonly acknowledge?: string;
}

const savedAt = (path: string, acceptGolden = false): string => (acceptGolden ? `${path}?acceptGolden=true` : path);

/** `create -f FILE` and `update -f FILE`. */
export function addSaving(parent: Command, { name, one, golden = false }: Resource, around: Surroundings): void {
  saving('create', golden, parent)
    .description(`create a ${one} from a YAML or JSON file`)
    .requiredOption('-f, --file <path>', 'the file; - is standard input')
    .action(async ({ file, acceptGolden }: SaveOptions, command: Command) => {
      const client = await clientFor(command, around);
      const { body } = await client.request(savedAt(at(name), acceptGolden), {
        method: 'POST',
        body: await readConfigFile(file, around.env),
      });
      await report(body, `created ${one}`, around);
    });
  saving('update', golden, parent)
    .description(`save a ${one} anew from a YAML or JSON file`)
    .requiredOption('-f, --file <path>', 'the file; - is standard input')
    .option('--acknowledge <hash>', 'of a connector: the hash of a what-if, so that the change is not held as a whole')
    .action(async ({ file, acknowledge, acceptGolden }: SaveOptions, command: Command) => {
      const client = await clientFor(command, around);
      const written = await readConfigFile(file, around.env);
      if (typeof written.id !== 'string') throw usageError(`${file}: has no id`);
      const { etag } = await client.request(at(name, written.id));
      const ifMatch = etag === null ? {} : { ifMatch: etag };
      const acknowledged = acknowledge === undefined ? {} : { acknowledge };
      const init: Sent = { method: 'PUT', body: written, ...ifMatch, ...acknowledged };
      const { body } = await client.request(savedAt(at(name, written.id), acceptGolden), init);
      await report(body, `updated ${one}`, around);
    });
}

function saving(verb: 'create' | 'update', golden: boolean, parent: Command): Command {
  const command = parent.command(verb);
  if (!golden) return command;
  return command.option('--accept-golden', 'save although golden users come out otherwise; this is audited');
}

async function report(body: unknown, did: string, { out, tell }: Surroundings): Promise<void> {
  const { id, version, warnings = [] } = body as { id: string; version: number; warnings?: readonly string[] };
  for (const warning of warnings) tell(`warning: ${warning}`);
  await out(`${did} ${id} (version ${version})\n`);
}

/** `show ID`, `delete ID` and `test ID`. */
export function addSingle(parent: Command, { name, one }: Resource, around: Surroundings): void {
  parent
    .command('show')
    .argument('<id>')
    .description(`show a ${one} as JSON; secrets are "(secret)"`)
    .action(async (id: string, _options: unknown, command: Command) => {
      await around.out(asJson(await (await clientFor(command, around)).get(at(name, id))));
    });
  parent
    .command('delete')
    .argument('<id>')
    .description(`delete a ${one}`)
    .action(async (id: string, _options: unknown, command: Command) => {
      await (await clientFor(command, around)).request(at(name, id), { method: 'DELETE' });
      await around.out(`deleted ${one} ${id}\n`);
    });
  parent
    .command('test')
    .argument('<id>')
    .description('test the connection, step by step')
    .action(async (id: string, _options: unknown, command: Command) => {
      await test(await clientFor(command, around), at(name, id, 'test'), around);
    });
}

interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy: string | null;
}

async function test(client: ApiClient, path: string, around: Surroundings): Promise<void> {
  const { body } = await client.request<Accepted>(path, { method: 'POST' });
  const request = await waitForRequest(client, body.requestId, around);
  if (request.status === 'failed') throw new CliError(request.error ?? 'the test could not be carried out');
  const result = request.result as { readonly ok: boolean; readonly steps: readonly Step[] } | null;
  const rows = (result?.steps ?? []).map(({ name, ok, detail, remedy }) => [
    ok ? 'ok' : 'FAILED',
    name,
    remedy === null ? detail : `${detail}: ${remedy}`,
  ]);
  await around.out(`${table(['RESULT', 'STEP', 'DETAIL'], rows)}\n`);
  if (result?.ok !== true) around.exit(1);
}
