import { silentLogger } from '../../telemetry/log';
import { createMetrics } from '../../telemetry/metrics';
import { MetricsListenError, startMetricsServer } from '../../workers/metricsServer';
import type { MetricsServer } from '../../workers/metricsServer';

const HOST = '127.0.0.1';

describe('the metrics of a worker over HTTP', () => {
  let server: MetricsServer;
  const options = { host: HOST, port: 0, metrics: createMetrics(), log: silentLogger() };
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://${HOST}:${server.port}${path}`, init);
  beforeAll(async () => {
    server = await startMetricsServer(options);
  });
  afterAll(() => server.close());

  it('are at /metrics, without a token', async () => {
    const answer = await ask('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain('# TYPE rollcall_store_up gauge');
  });

  it('come with /healthz, which says that the process runs', async () => {
    expect(await (await ask('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it('are all there is', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/api/v1/runs')).status).toBe(404);
    const refused = await ask('/metrics', { method: 'POST' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('say which variables to change when the port is in use', async () => {
    const second = startMetricsServer({ ...options, port: server.port });
    await expect(second).rejects.toThrow(MetricsListenError);
    await expect(second).rejects.toThrow(/EADDRINUSE.*ROLLCALL_METRICS_PORT/);
  });
});
