import type { Command } from 'commander';
import type { z } from 'zod';
import type { explanationSchema } from '../../api/views/explanation';
import { at as pathTo } from '../client';
import type { ApiClient } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { CliError } from '../errors';
import { facts, table } from '../table';
import { waitForRequest } from '../wait';

export type ExplanationView = z.output<typeof explanationSchema>;

interface ExplainOptions {
  readonly run?: string;
  readonly at?: string;
  readonly json?: boolean;
}

/** `rollcall explain CONNECTOR PERSON` */
export function addExplain(program: Command, around: Surroundings): void {
  program
    .command('explain')
    .argument('<connector>')
    .argument('<person>', 'external id, username or e-mail address')
    .description('show why somebody is, or was, treated so: from the source to each operation')
    .option('--run <run>', 'what this run made of the person')
    .option('--at <time>', 'the last run until this day or time that did something, for example 2026-05-03')
    .option('--json', 'as JSON')
    .action(async (connector: string, person: string, { run, at, json }: ExplainOptions, command: Command) => {
      const client = await clientFor(command, around);
      const path = pathTo('connectors', connector, 'users', person, 'explain');
      const found = await client.get<ExplanationView | { readonly requestId: string }>(path, { run, at });
      const explained = 'presence' in found ? found : await later(client, found.requestId, around);
      await around.out(json === true ? asJson(explained) : `${explanationText(explained)}\n`);
    });
}

async function later(client: ApiClient, requestId: string, around: Surroundings): Promise<ExplanationView> {
  around.tell('the source or Jira is slow: waiting');
  const request = await waitForRequest(client, requestId, around);
  if (request.status === 'failed') throw new CliError(request.error ?? 'the person could not be explained');
  const { explanation, ...rest } = request.result as unknown as { explanation: ExplanationView };
  return { ...explanation, ...rest, requestId };
}

const asText = (value: unknown): string => JSON.stringify(value);

/** An explanation as sections, the source first. */
export function explanationText(found: ExplanationView): string {
  const { source, actual, desired } = found;
  const sections: (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['person', personFacts(found)],
    ['source', source === null ? [] : Object.entries(source.attributes).map(([name, value]) => [name, asText(value)])],
    ['groups', found.groups.map(({ name, standsFor }) => [name, standsFor.join(', ') || 'for none'])],
    [
      'scope',
      found.scope.map(({ clause, says, reason, matched }) => [
        clause,
        [says === 'in' ? 'yes' : says.toUpperCase(), ...(reason === null ? matched : [wordsOf(reason)])].join(': '),
      ]),
    ],
    ['mapping', found.mapping.flatMap(traceLines)],
    [
      'match',
      found.candidates.map(({ by, keys, owner }) => [
        by,
        `${keys.join(', ')}${owner === null ? '' : ` of ${owner.externalId}`}`,
      ]),
    ],
    [
      'desired',
      [
        ...entries(desired),
        ...found.desiredGroups.map(({ group, reason }) => ['group', `${group}: ${wordsOf(reason)}`] as const),
      ],
    ],
    [
      'in Jira',
      [
        ...entries(actual?.account ?? null),
        ...(actual?.groups ?? []).map(
          ({ group, addedBy }) => ['group', `${group}${addedBy === null ? '' : ` (${addedBy})`}`] as const
        ),
      ],
    ],
  ];
  const shown = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => `${name}\n${indented(facts(lines))}`);
  return [...shown, operationTable(found)].join('\n\n');
}

const entries = (record: object | null): readonly (readonly [string, string])[] =>
  Object.entries(record ?? {}).map(([name, value]) => [name, asText(value)]);

const indented = (text: string): string => text.replace(/^/gm, '  ');

/** `words` are there in what the API answers at once, not in what lies in a request. */
const wordsOf = (reason: { readonly code: string; readonly rule: string; readonly words?: string }): string =>
  reason.words ?? `${reason.code} (rule ${reason.rule})`;

function personFacts(found: ExplanationView): readonly (readonly [string, string])[] {
  const { prepared, link } = found;
  return [
    ['id', found.externalId],
    ['as of', found.runId === null ? `now (${found.at})` : `${found.runId} (read ${found.at})`],
    ['configuration', `version ${found.configVersion}`],
    ['at the source', found.presence],
    ...(prepared === null
      ? []
      : [['standing', [prepared.standing, ...prepared.reasons.map(wordsOf)].join(': ')] as const]),
    ...(link === null ? [] : [['link', `${link.state}, account ${link.targetKey ?? 'none'}`] as const]),
    ['result', [found.outcome ?? found.standing, ...found.reasons.map(wordsOf)].join(': ')],
    ...(found.error === null ? [] : [['error', found.error] as const]),
  ];
}

function traceLines({
  attribute,
  steps,
  result,
}: ExplanationView['mapping'][number]): readonly (readonly [string, string])[] {
  const through = steps.map(({ step, before, after, what }) => {
    const named = step === 'source' || step === 'expression' ? `${step} ${before.join(', ')}` : step;
    return `${named}: ${what ?? (after.map(asText).join(', ') || 'no value')}`;
  });
  return [[attribute, [...through, asText(result)].join(' -> ')]];
}

function operationTable({ operations }: ExplanationView): string {
  if (operations.length === 0) return 'no operations';
  return table(
    ['OPERATION', 'STATUS', 'BEFORE', 'AFTER', 'WHY'],
    operations.map(({ kind, status, before, after, reasons }) => [
      kind,
      status,
      asText(before),
      asText(after),
      reasons.map(wordsOf).join('; '),
    ])
  );
}
