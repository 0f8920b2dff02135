import { rmSync } from 'node:fs';
import { applyWorkflowId, connectorWorkflowId, runWorkflowId } from '../../domain/ids';
import { until } from '../support/commands';
import { historiesOf } from '../support/histories';
import { people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const PEOPLE = people(12);
const PERSONAL = /user\d|@example|id-\d|team-|admin|password/i;
const TICK = /^next tick \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

interface Line {
  readonly kind: 'activity' | 'timer';
  readonly summary: string;
}

/** What the UI shows beside the activities and timers of a workflow, in order; '' where there is nothing. */
async function storyOf(system: System, workflowId: string): Promise<readonly Line[]> {
  const histories = await historiesOf(system.client, workflowId);
  return histories.flatMap(({ events }) =>
    (events ?? []).flatMap((event): Line[] => {
      const isActivity = Boolean(event.activityTaskScheduledEventAttributes);
      if (!isActivity && !event.timerStartedEventAttributes) return [];
      const data = event.userMetadata?.summary?.data;
      const summary = data ? String(JSON.parse(Buffer.from(data).toString('utf8'))) : '';
      return [{ kind: isActivity ? 'activity' : 'timer', summary }];
    })
  );
}

async function detailsOf(system: System, workflowId: string): Promise<string> {
  const handle = system.client.workflow.getHandle(workflowId);
  const metadata = await handle.query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

describe('what the Temporal UI tells about a sync', () => {
  let system: System;
  let told: string[];
  beforeAll(async () => {
    system = await startSystem({ connectorId: 'corp', rows: PEOPLE });
    told = [];
  });
  afterAll(async () => system.stop());

  it('is a line for every step of the run and of applying its plan', async () => {
    const { id } = await system.run();
    await system.client.workflow.getHandle(runWorkflowId(id)).result();
    const run = (await storyOf(system, runWorkflowId(id))).map(({ summary }) => summary);
    const apply = (await storyOf(system, applyWorkflowId(id))).map(({ summary }) => summary);
    told.push(...run, ...apply);
    expect([...run, ...apply]).not.toContain('');
    expect(run[0]).toBe('open sync run corp-1');
    expect(run).toEqual(expect.arrayContaining(['read users from 0', 'plan shard 1 of 1', 'close the run: finished']));
    expect(apply).toContain('apply phase 6 (accounts) s0000 0-11');
  });

  it('is how the run ended, and how far applying came', async () => {
    const run = await detailsOf(system, runWorkflowId('corp-1'));
    const apply = await detailsOf(system, applyWorkflowId('corp-1'));
    told.push(run, apply);
    expect(run).toMatch(/^succeeded · created 12\b/);
    expect(apply).toMatch(/^applying phase 8 \(memberships added\): (\d+) of \1 operations · applied \1$/);
  });

  it('is the next tick, at the connector and at its timer', async () => {
    await system.reconfigure({ schedule: { cron: '0 3 1 1 *', timezone: 'UTC', jitterSeconds: 0 } });
    await until(async () => (await system.view()).nextFireMs !== null);
    const lines = await storyOf(system, connectorWorkflowId('corp'));
    const details = await detailsOf(system, connectorWorkflowId('corp'));
    told.push(...lines.map(({ summary }) => summary), details);
    expect(lines.map(({ summary }) => summary)).not.toContain('');
    expect(lines.filter(({ kind }) => kind === 'timer').at(-1)?.summary).toMatch(TICK);
    expect(details).toMatch(
      /^active · next scheduled run: \d{4}-01-01T03:00:00Z · waiting: 0 · last run: corp-1 succeeded$/
    );
  });

  it('is what failed and what to do next, where a run failed', async () => {
    rmSync(system.file);
    const { id, error } = await system.run();
    await system.client.workflow.getHandle(runWorkflowId(id)).result();
    const details = await detailsOf(system, runWorkflowId(id));
    told.push(details);
    expect(details).toContain(`failed\n\nError: ${String(error)}`);
    expect(details).toContain('`rollcall run corp`');
  });

  it('holds nothing personal', () => {
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((text) => PERSONAL.test(text))).toEqual([]);
  });
});
