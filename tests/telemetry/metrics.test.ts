import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpMetrics } from '../../telemetry/http-metrics';
import { createMetrics } from '../../telemetry/metrics';
import { createWorkMetrics } from '../../telemetry/work-metrics';
import { samplesOf, sumOf } from '../support/exposition';

/** Measures one of everything. */
async function everything() {
  const metrics = createMetrics();
  const http = createHttpMetrics(metrics);
  const work = createWorkMetrics(metrics);
  http.served({ method: 'GET', route: '/runs/{id}', status: 200, seconds: 0.02 });
  http.served({ method: 'GET', route: '/runs/{id}', status: 404, seconds: 0.01 });
  http.served({ method: 'PROPFIND', route: null, status: 404, seconds: 0.01 });
  work.activityEnded('planShard', 'ok', 1.5);
  work.activityEnded('planShard', 'failed', 0.5);
  work.targetCalled({ target: 'jira', method: 'POST', step: 'create an account', status: 201, seconds: 0.1 });
  work.targetCalled({ target: 'jira', method: 'POST', step: 'create an account', status: 429, seconds: 0.1 });
  work.targetCalled({ target: 'jira', method: 'GET', step: 'look up an account', status: null, seconds: 20 });
  work.credentialExpires({ connector: 'corp', credential: 'the certificate', at: 1_900_000_000 });
  work.providerCalled({ connector: 'corp', call: 'listUsers', outcome: 'ok' });
  work.runEnded({ connector: 'corp', status: 'succeeded', seconds: 90, outcomes: { created: 3, unchanged: 40 } });
  work.operationsEnded([
    { kind: 'createUser', status: 'done' },
    { kind: 'createUser', status: 'done' },
    { kind: 'addMembership', status: 'failed' },
  ]);
  metrics.watchConnectors(() =>
    Promise.resolve([
      { id: 'corp', heldOperations: 7, lastSuccessAt: '2026-11-24T02:00:00.000Z' },
      { id: 'new', heldOperations: 0, lastSuccessAt: null },
    ])
  );
  return { metrics, text: (await metrics.exposition()).text };
}

const ours = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (rollcall_\w+)/gm)].map(([, name]) => name ?? '').sort();

describe('the metrics of a process', () => {
  it('are written in the format of Prometheus, with what Node tells of itself', async () => {
    const { metrics, text } = await everything();
    expect((await metrics.exposition()).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    const names = new Set(samplesOf(text).map(({ name }) => name));
    expect([...names]).toEqual(expect.arrayContaining(['process_cpu_seconds_total', 'nodejs_heap_size_used_bytes']));
  });

  it('have names that tell the unit, each with a line of help', async () => {
    const { text } = await everything();
    expect(ours(text)).toEqual([
      'rollcall_activity_duration_seconds',
      'rollcall_credential_expiry_timestamp_seconds',
      'rollcall_held_operations',
      'rollcall_http_request_duration_seconds',
      'rollcall_last_success_timestamp_seconds',
      'rollcall_oldest_waiting_change_seconds',
      'rollcall_operations_total',
      'rollcall_outcomes_total',
      'rollcall_provider_calls_total',
      'rollcall_run_duration_seconds',
      'rollcall_runs_ended_total',
      'rollcall_store_up',
      'rollcall_target_request_duration_seconds',
      'rollcall_target_requests_total',
      'rollcall_target_throttled_total',
      'rollcall_waiting_changes',
    ]);
    for (const name of ours(text)) expect(text).toMatch(new RegExp(`^# HELP ${name} \\w.*\\.$`, 'm'));
  });

  it('are all described in docs/operations.md', async () => {
    const { text } = await everything();
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
    const section = page.slice(page.indexOf('## Metrics'), page.indexOf('## In production'));
    const described = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => `rollcall_${name ?? ''}`);
    expect(described.sort()).toEqual(ours(text));
    const asked = [...section.matchAll(/rollcall_\w+/g)].map(([name]) => name).filter((name) => name !== 'rollcall_');
    expect(asked.filter((name) => !ours(text).includes(name))).toEqual([]);
  });

  it('have labels of ids, words of ours and classes of numbers only', async () => {
    const { text } = await everything();
    const labels = samplesOf(text)
      .filter(({ name }) => name.startsWith('rollcall_'))
      .flatMap((sample) => Object.keys(sample.labels));
    expect([...new Set(labels)].sort()).toEqual(
      [
        'activity',
        'call',
        'connector',
        'credential',
        'kind',
        'le',
        'method',
        'outcome',
        'route',
        'status',
        'status_class',
        'step',
        'target',
      ].sort()
    );
  });

  it('have no more than one registry each', async () => {
    await everything();
    const { text } = await createMetrics().exposition();
    expect(ours(text)).toEqual([
      'rollcall_held_operations',
      'rollcall_last_success_timestamp_seconds',
      'rollcall_oldest_waiting_change_seconds',
      'rollcall_store_up',
      'rollcall_waiting_changes',
    ]);
  });
});

describe('what is counted', () => {
  it('are requests by the pattern of their route; unknown addresses and methods become one each', async () => {
    const samples = samplesOf((await everything()).text);
    const served = (labels: Record<string, string>) =>
      sumOf(samples, 'rollcall_http_request_duration_seconds_count', labels);
    expect(served({ route: '/runs/{id}', status_class: '2xx' })).toBe(1);
    expect(served({ route: '/runs/{id}', status_class: '4xx' })).toBe(1);
    expect(served({ route: 'unknown', method: 'other' })).toBe(1);
  });

  it('are calls of a target by step and class of status, those without an answer and those refused for their rate', async () => {
    const samples = samplesOf((await everything()).text);
    const called = (labels: Record<string, string>) => sumOf(samples, 'rollcall_target_requests_total', labels);
    expect(called({ target: 'jira', step: 'create an account', status_class: '2xx' })).toBe(1);
    expect(called({ target: 'jira', step: 'create an account', status_class: '4xx' })).toBe(1);
    expect(called({ target: 'jira', step: 'look up an account', status_class: 'none' })).toBe(1);
    expect(sumOf(samples, 'rollcall_target_throttled_total', { target: 'jira' })).toBe(1);
  });

  it('shows a target that never refused for its rate as 0, so that a share can be computed', async () => {
    const metrics = createMetrics();
    createWorkMetrics(metrics).targetCalled({ target: 'jira', method: 'GET', step: 'x', status: 200, seconds: 0.1 });
    const { text } = await metrics.exposition();
    expect(text).toContain('rollcall_target_throttled_total{target="jira"} 0');
  });

  it('are runs, people and operations', async () => {
    const samples = samplesOf((await everything()).text);
    expect(sumOf(samples, 'rollcall_runs_ended_total', { connector: 'corp', status: 'succeeded' })).toBe(1);
    expect(sumOf(samples, 'rollcall_run_duration_seconds_sum', { connector: 'corp' })).toBe(90);
    expect(sumOf(samples, 'rollcall_outcomes_total', { connector: 'corp', outcome: 'unchanged' })).toBe(40);
    expect(sumOf(samples, 'rollcall_operations_total', { kind: 'createUser', status: 'done' })).toBe(2);
    expect(sumOf(samples, 'rollcall_operations_total', { status: 'failed' })).toBe(1);
  });
});

describe('what the store says of the connectors', () => {
  it('is the time of the last success, absent before the first, and what is held', async () => {
    const samples = samplesOf((await everything()).text);
    expect(samples.filter(({ name }) => name === 'rollcall_last_success_timestamp_seconds')).toEqual([
      expect.objectContaining({ labels: { connector: 'corp' }, value: Date.parse('2026-11-24T02:00:00Z') / 1_000 }),
    ]);
    expect(sumOf(samples, 'rollcall_held_operations', { connector: 'corp' })).toBe(7);
    expect(sumOf(samples, 'rollcall_store_up')).toBe(1);
  });

  it('is read anew each time: a connector that is gone is gone here too', async () => {
    const { metrics } = await everything();
    metrics.watchConnectors(() => Promise.resolve([]));
    expect((await metrics.exposition()).text).not.toMatch(/_held_operations\{|_last_success_timestamp_seconds\{/);
  });

  it('is absent while the store does not answer, and everything else is shown', async () => {
    const { metrics } = await everything();
    metrics.watchConnectors(() => Promise.reject(new Error('no store')));
    const { text } = await metrics.exposition();
    expect(text).toContain('rollcall_store_up 0');
    expect(text).not.toMatch(/_held_operations\{/);
    expect(text).toContain('rollcall_runs_ended_total{');
  });

  it('does not keep the other figures waiting for a store that never answers', async () => {
    const { metrics } = await everything();
    metrics.watchConnectors(() => new Promise(() => undefined));
    expect((await metrics.exposition()).text).toContain('rollcall_store_up 0');
  });
});
