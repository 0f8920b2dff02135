import { Installation } from '../support/installation';
import type { InstalledConnector } from '../support/installation';
import { samplesOf, sumOf } from '../support/exposition';
import type { Sample } from '../support/exposition';
import { people } from '../support/people';

const PEOPLE = 30;
const MS = 1_000;

/** Reads what a process shows. */
async function scrape(url: string): Promise<{ readonly samples: readonly Sample[]; readonly text: string }> {
  const answer = await fetch(`${url}/metrics`);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  return { samples: samplesOf(text), text };
}

describe('the metrics of a real run', () => {
  const installation = new Installation();
  let connector: InstalledConnector;
  let runId: string;
  beforeAll(async () => {
    await installation.start();
    connector = await installation.connector('corp', people(PEOPLE));
    runId = await connector.start();
    await installation.ended(runId);
  }, 180_000);
  afterAll(() => installation.stop(), 60_000);

  it('of the worker are the counts of the run', async () => {
    const { samples } = await scrape(installation.workerUrl);
    const run = await installation.store.runs.get(runId);
    const count = (name: string, labels: Record<string, string>) => sumOf(samples, name, labels);
    expect(count('rollcall_runs_ended_total', { connector: 'corp' })).toBe(1);
    expect(count('rollcall_runs_ended_total', { connector: 'corp', status: 'succeeded' })).toBe(1);
    expect(count('rollcall_run_duration_seconds_count', { connector: 'corp' })).toBe(1);
    expect(count('rollcall_outcomes_total', { outcome: 'created' })).toBe(run?.counts.created);
    expect(count('rollcall_outcomes_total', {})).toBe(PEOPLE);
    expect(count('rollcall_operations_total', { kind: 'createUser', status: 'done' })).toBe(PEOPLE);
    expect(count('rollcall_operations_total', { kind: 'addMembership', status: 'done' })).toBe(
      run?.counts.membershipsAdded
    );
  });

  it('of the worker count every request that Jira has served, by step', async () => {
    const { samples } = await scrape(installation.workerUrl);
    const { calls } = await connector.sim.stats();
    const served = Object.values(calls).reduce((sum, number) => sum + number, 0);
    const of = (labels: Record<string, string>) =>
      sumOf(samples, 'rollcall_target_requests_total', { target: 'jira-corp', ...labels });
    expect(of({})).toBe(served);
    expect(of({ method: 'POST', step: 'create an account', status_class: '2xx' })).toBe(calls['POST /user']);
    expect(sumOf(samples, 'rollcall_target_request_duration_seconds_count', { target: 'jira-corp' })).toBe(served);
  });

  it('of the worker time every activity and count the calls of the source', async () => {
    const { samples } = await scrape(installation.workerUrl);
    const activities = (labels: Record<string, string>) =>
      sumOf(samples, 'rollcall_activity_duration_seconds_count', labels);
    expect(activities({ activity: 'closeRun', outcome: 'ok' })).toBe(1);
    expect(activities({ outcome: 'failed' }) + activities({ outcome: 'cancelled' })).toBe(0);
    expect(
      sumOf(samples, 'rollcall_provider_calls_total', { connector: 'corp', call: 'listUsers', outcome: 'ok' })
    ).toBeGreaterThanOrEqual(1);
  });

  it('of API and worker tell alike what the store says of the connector', async () => {
    const run = await installation.store.runs.get(runId);
    for (const url of [installation.client.url, installation.workerUrl]) {
      const { samples } = await scrape(url);
      const last = sumOf(samples, 'rollcall_last_success_timestamp_seconds', { connector: 'corp' });
      expect(Math.abs(last - Date.parse(run?.finishedAt ?? '') / MS)).toBeLessThan(1);
      expect(sumOf(samples, 'rollcall_held_operations', { connector: 'corp' })).toBe(0);
      expect(sumOf(samples, 'rollcall_store_up')).toBe(1);
    }
  });

  it('of the API are its requests by the pattern of their route', async () => {
    const { client } = installation;
    await client.get(`/runs/${runId}`);
    await fetch(`${client.url}/api/v1/runs/${runId}`);
    await fetch(`${client.url}/of-nobody`);
    const { samples } = await scrape(client.url);
    const of = (labels: Record<string, string>) =>
      sumOf(samples, 'rollcall_http_request_duration_seconds_count', { method: 'GET', ...labels });
    expect(of({ route: '/runs/{id}', status_class: '2xx' })).toBe(1);
    expect(of({ route: 'unknown', status_class: '4xx' })).toBe(2);
  });

  it('say nothing of any person', async () => {
    const texts = await Promise.all(
      [installation.client.url, installation.workerUrl].map(async (url) => (await scrape(url)).text)
    );
    expect(texts.join('\n').match(/user\d|User \d|@|id-\d|team-|admin\b|jira-(?!corp|shrunk)\w/g)).toBeNull();
  });

  it('of the Temporal SDK are shown beside them', async () => {
    const url = `http://127.0.0.1:${installation.portOf('ROLLCALL_TEMPORAL_METRICS_PORT')}`;
    const { text } = await scrape(url);
    expect(text).toMatch(/^temporal_workflow_completed_total\{.*workflow_type="syncRunWorkflow".*\} 1$/m);
  });

  it('count a held run and what it holds, and a run that failed', async () => {
    const held = await installation.connector('shrunk', people(PEOPLE));
    await installation.ended(await held.start());
    installation.writePeople(
      'shrunk',
      people(PEOPLE).map((row, n) => (n < 20 ? { ...row, active: false } : row))
    );
    const run = await installation.ended(await held.start());
    expect(run.status).toBe('held');
    installation.removePeople('corp');
    const failed = await installation.ended(await connector.start());
    expect(failed.status).toBe('failed');
    const { samples } = await scrape(installation.workerUrl);
    expect(sumOf(samples, 'rollcall_held_operations', { connector: 'shrunk' })).toBe(run.plan?.held);
    expect(sumOf(samples, 'rollcall_runs_ended_total', { connector: 'shrunk', status: 'held' })).toBe(1);
    expect(sumOf(samples, 'rollcall_runs_ended_total', { connector: 'corp', status: 'failed' })).toBe(1);
  }, 120_000);
});
