import type { Command } from 'commander';
import type { ConnectorView } from '../../api/views/connector';
import { at, eachItem } from '../client';
import { clientFor } from '../context';
import type { Surroundings } from '../context';
import { table } from '../table';
import { addSaving, addSingle } from './resource';

const RESOURCE = { name: 'connectors', one: 'connector', golden: true } as const;

function stateOf({ state }: ConnectorView): string {
  if (state.deleting) return 'being deleted';
  const activity = state.paused ? 'paused' : 'active';
  return state.openHold === null ? activity : `${activity}, ${state.openHold.runId} waits for approval`;
}

function rowOf(connector: ConnectorView): readonly string[] {
  const { id, target, config, state } = connector;
  const { type: sourceType } = config.source as { readonly type: string };
  return [id, sourceType, target, stateOf(connector), state.nextFires[0] ?? 'on request', state.lastRun ?? ''];
}

/** `rollcall connectors ...` */
export function addConnectors(program: Command, around: Surroundings): void {
  const connectors = program.command('connectors').description('the configured syncs');
  connectors
    .command('list')
    .description('list the connectors')
    .action(async (_options: unknown, command: Command) => {
      const rows: (readonly string[])[] = [];
      const client = await clientFor(command, around);
      for await (const connector of eachItem<ConnectorView>(client, at('connectors'))) rows.push(rowOf(connector));
      await around.out(`${table(['CONNECTOR', 'SOURCE', 'TARGET', 'STATE', 'NEXT RUN', 'LAST RUN'], rows)}\n`);
    });
  addSaving(connectors, RESOURCE, around);
  addSingle(connectors, RESOURCE, around);
  addSwitch(connectors, 'pause', 'stop the schedule', around);
  addSwitch(connectors, 'resume', 'take the schedule up again', around);
}

function addSwitch(connectors: Command, name: 'pause' | 'resume', description: string, around: Surroundings): void {
  connectors
    .command(name)
    .argument('<id>')
    .description(description)
    .action(async (id: string, _options: unknown, command: Command) => {
      await (await clientFor(command, around)).request(at('connectors', id, name), { method: 'POST' });
      await around.out(`${name}d connector ${id}\n`);
    });
}
