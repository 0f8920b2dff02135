import type { Command } from 'commander';
import type { TriedView } from '../../api/views/mapping';
import { at } from '../client';
import { readConfigFile } from '../config-file';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { facts, table } from '../table';
import { nameAndValue } from './people';

interface TryOptions {
  readonly file?: string;
  readonly attribute: Readonly<Record<string, string>>;
  readonly group: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}
type Attribute = TriedView['attributes'][number];

const SECTIONS = ['mapping', 'scope', 'groups'] as const;

/** `rollcall mapping ...` */
export function addMapping(program: Command, around: Surroundings): void {
  program
    .command('mapping')
    .description('what a configuration makes of people')
    .command('try')
    .argument('<connector>')
    .description('show step by step what scope and mapping make of a person; nothing is read or stored')
    .option('-f, --file <path>', 'the person as YAML or JSON: id, active, attributes, groups; - is standard input')
    .option('--attribute <name=value>', 'an attribute of the person; may be repeated', nameAndValue, {})
    .option('--group <name>', 'a source group of the person; may be repeated', collected, [])
    .option('--config <path>', 'a connector file whose mapping, scope and groups are tried instead of the stored ones')
    .option('--json', 'as JSON')
    .action(async (connector: string, options: TryOptions, command: Command) => {
      const client = await clientFor(command, around);
      const body = { user: await personOf(options, around), with: await changesOf(options, around) };
      const sent = await client.request<TriedView>(at('connectors', connector, 'mapping', 'try'), {
        method: 'POST',
        body,
      });
      await around.out(options.json === true ? asJson(sent.body) : `${triedText(sent.body)}\n`);
    });
}

const collected = (text: string, before: readonly string[]): readonly string[] => [...before, text];

async function personOf({ file, attribute, group }: TryOptions, { env }: Surroundings): Promise<object> {
  const written = file === undefined ? {} : await readConfigFile(file, env);
  const { attributes, groups } = written as { readonly attributes?: object; readonly groups?: readonly unknown[] };
  return { ...written, attributes: { ...attributes, ...attribute }, groups: [...(groups ?? []), ...group] };
}

async function changesOf({ config }: TryOptions, { env }: Surroundings): Promise<object> {
  if (config === undefined) return {};
  const written = await readConfigFile(config, env);
  return Object.fromEntries(SECTIONS.map((name) => [name, written[name] ?? {}]));
}

function triedText({ person, scope, attributes, groups }: TriedView): string {
  const { standing, active, reasons, groups: given } = person;
  return [
    facts([
      ['standing', reasons.length === 0 ? standing : `${standing}: ${reasons.map(({ code }) => code).join(', ')}`],
      ['active', active ? 'yes' : 'no'],
      ['groups', given.length === 0 ? 'none' : given.join(', ')],
    ]),
    '',
    table(
      ['ATTRIBUTE', 'RESULT', 'STEPS'],
      attributes.map((one) => [one.attribute, resultOf(one), stepsOf(one)])
    ),
    ...(scope.length === 0
      ? []
      : [
          '',
          table(
            ['SCOPE', 'SAYS', 'GROUPS'],
            scope.map(({ clause, says, matched }) => [clause, says, matched.join(', ')])
          ),
        ]),
    ...(groups.length === 0
      ? []
      : [
          '',
          table(
            ['SOURCE GROUP', 'NAME', 'IN JIRA'],
            groups.map(({ sourceName, name, targets }) => [sourceName, name ?? 'takes no part', targets.join(', ')])
          ),
        ]),
  ].join('\n');
}

function resultOf({ result }: Attribute): string {
  switch (result.kind) {
    case 'values':
      return result.texts.join(', ');
    case 'value':
      return result.text;
    case 'standing':
      return `${result.standing}: ${result.reason.code}`;
    default:
      return result.kind;
  }
}

function stepsOf({ steps }: Attribute): string {
  return steps
    .map(({ step, before, after, matched, what }) => {
      const from = step === 'source' || step === 'expression' ? `${step} ${before.join(', ')}` : step;
      if (what !== undefined) return `${from} failed: ${what}`;
      return `${from}${matched === false ? ' (no match)' : ''}: ${after.length === 0 ? '-' : after.join(', ')}`;
    })
    .join(' > ');
}
