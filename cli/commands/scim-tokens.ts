import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { CreatedScimTokenView, ScimTokenView } from '../../api/views/scim';
import { at } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { facts, table } from '../table';

interface CreateOptions {
  readonly name: string;
  readonly client?: boolean;
  readonly days?: number;
  readonly json?: boolean;
}

function wholeDays(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('it must be a number of days.');
  return Number(text);
}

const minutes = (iso: string | null, none: string): string =>
  iso === null ? none : iso.slice(0, 16).replace('T', ' ');

function tokenTable(tokens: readonly ScimTokenView[]): string {
  return table(
    ['TOKEN', 'KIND', 'NAME', 'LAST USED (UTC)', 'EXPIRES (UTC)'],
    tokens.map(({ id, kind, name, lastUsedAt, expiresAt, isExpired }) => [
      id,
      kind,
      name,
      minutes(lastUsedAt, 'never'),
      isExpired ? 'expired' : minutes(expiresAt, 'never'),
    ])
  );
}

function createdText({ id, kind, token }: CreatedScimTokenView): string {
  const secret = kind === 'client' ? 'client secret' : 'token';
  const pairs: (readonly [string, string])[] = [
    [kind === 'client' ? 'client id' : 'id', id],
    [secret, token],
  ];
  return `${facts(pairs)}\n\nThe ${secret} is shown this once.`;
}

/** `rollcall scim-tokens ...` */
export function addScimTokens(program: Command, around: Surroundings): void {
  const tokens = program.command('scim-tokens').description('tokens with which identity providers push to a connector');
  tokens
    .command('list')
    .argument('<connector>')
    .description('list the tokens, with their last use')
    .action(async (connector: string, _options: unknown, command: Command) => {
      const client = await clientFor(command, around);
      const { items } = await client.get<{ readonly items: readonly ScimTokenView[] }>(
        at('connectors', connector, 'scim-tokens')
      );
      await around.out(`${tokenTable(items)}\n`);
    });
  tokens
    .command('create')
    .argument('<connector>')
    .description('make a token; two of a kind may be valid at once')
    .option('--name <name>', 'what it is for', 'provider')
    .option('--client', 'an id and a secret for the token endpoint, instead of a token')
    .option('--days <days>', 'how long it is valid; left out: until it is deleted', wholeDays)
    .option('--json', 'as JSON')
    .action(async (connector: string, options: CreateOptions, command: Command) => {
      const client = await clientFor(command, around);
      const kind = options.client === true ? 'client' : 'bearer';
      const body = { name: options.name, kind, expiresInDays: options.days ?? null };
      const path = at('connectors', connector, 'scim-tokens');
      const made = await client.request<CreatedScimTokenView>(path, { method: 'POST', body });
      await around.out(options.json === true ? asJson(made.body) : `${createdText(made.body)}\n`);
    });
  tokens
    .command('delete')
    .argument('<connector>')
    .argument('<token>', 'its id')
    .description('delete a token')
    .action(async (connector: string, token: string, _options: unknown, command: Command) => {
      const client = await clientFor(command, around);
      await client.request(at('connectors', connector, 'scim-tokens', token), { method: 'DELETE' });
      around.tell(`token ${token} is deleted`);
    });
}
