import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createTemporalGateway } from '../../api/gateway';
import type { Gateway } from '../../api/gateway';
import { TemporalUnavailable, UpdateRefused, WorkflowBusy } from '../../api/gateway-errors';
import { connectTemporal } from '../../api/temporal';
import { taskWorkflowId } from '../../domain/ids';
import { REFUSED } from '../../workflows/messages';
import { BUNDLE_IGNORED_MODULES } from '../../workers/bundling';
import { testTemporalAddress } from '../support/servers';

const taskQueue = `gateway-${randomUUID()}`;
const connect = (address: string): Promise<Client> =>
  connectTemporal({ address, namespace: 'default', apiKey: null, tls: null });
const command = () => ({ requestId: randomUUID() });
const sync = (requestId: string) => ({ requestId, mode: 'sync', trigger: 'api' }) as const;

/** An address on which nobody listens: one that was free a moment ago. */
async function deafAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

describe('createTemporalGateway', () => {
  let client: Client;
  let gateway: Gateway;
  let worker: Worker;
  let connection: NativeConnection;
  let running: Promise<void>;

  beforeAll(async () => {
    client = await connect(testTemporalAddress());
    gateway = createTemporalGateway(client, { taskQueue });
    connection = await NativeConnection.connect({ address: testTemporalAddress() });
    worker = await Worker.create({
      connection,
      taskQueue,
      workflowsPath: require.resolve('./support/gateway-workflows'),
      bundlerOptions: { ignoreModules: [...BUNDLE_IGNORED_MODULES] },
    });
    running = worker.run();
  });
  afterAll(async () => {
    worker.shutdown();
    await running;
    await connection.close();
    gateway.close();
    await client.connection.close();
  });

  it('starts the workflow of a connector with its first command', async () => {
    const id = `c-${randomUUID()}`;
    expect(await gateway.requestSync(id, sync(randomUUID()))).toEqual({ status: 'done', answer: { runId: `${id}-1` } });
  });

  it('joins a repetition of one request, and tells requests apart', async () => {
    const id = `c-${randomUUID()}`;
    const requestId = randomUUID();
    const same = await Promise.all([1, 2, 3].map(() => gateway.requestSync(id, sync(requestId))));
    expect(new Set(same.map((delivery) => JSON.stringify(delivery))).size).toBe(1);
    expect(await gateway.requestSync(id, sync(randomUUID()))).toMatchObject({ answer: { runId: `${id}-2` } });
  });

  it('keeps a pause and a resume with one Idempotency-Key apart', async () => {
    const id = `c-${randomUUID()}`;
    const { requestId } = command();
    await gateway.pause(id, { requestId });
    await gateway.resume(id, { requestId });
    expect(await gateway.requestSync(id, sync(randomUUID()))).toMatchObject({ status: 'done' });
  });

  it('hands on why the workflow refuses', async () => {
    const id = `c-${randomUUID()}`;
    await gateway.pause(id, command());
    const refusal = gateway.requestSync(id, sync(randomUUID()));
    await expect(refusal).rejects.toBeInstanceOf(UpdateRefused);
    await expect(refusal).rejects.toMatchObject({ type: REFUSED.paused });
  });

  it('says busy when more than ten requests of a connector are under way', async () => {
    const id = `c-${randomUUID()}`;
    const impatient = createTemporalGateway(client, { taskQueue, answerWithinMs: 500 });
    const waiting = Array.from({ length: 10 }, () => impatient.cancelRun(id, { ...command(), runId: 'r-1' }));
    for (const delivery of await Promise.all(waiting)) expect(delivery.status).toBe('later');
    await expect(gateway.requestSync(id, sync(randomUUID()))).rejects.toBeInstanceOf(WorkflowBusy);
    impatient.close();
  });

  it('says later when nobody answers in time, and delivers the answer afterwards', async () => {
    const id = `c-${randomUUID()}`;
    const impatient = createTemporalGateway(client, { taskQueue, answerWithinMs: 200 });
    const delivery = await impatient.cancelRun(id, { ...command(), runId: 'r-1' });
    expect(delivery.status).toBe('later');
    await gateway.resume(id, command());
    if (delivery.status === 'later') expect(await delivery.settled).toEqual({ answer: undefined });
    impatient.close();
  });

  it('starts a task once', async () => {
    const requestId = randomUUID();
    await gateway.startTask(requestId);
    await gateway.startTask(requestId);
    const handle = client.workflow.getHandle(taskWorkflowId(requestId));
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });

  it('says unavailable, soon, when Temporal is away', async () => {
    const away = await connect(await deafAddress());
    const lost = createTemporalGateway(away, { taskQueue });
    await expect(lost.requestSync('corp', sync(randomUUID()))).rejects.toBeInstanceOf(TemporalUnavailable);
    await expect(lost.startTask(randomUUID())).rejects.toBeInstanceOf(TemporalUnavailable);
    await expect(lost.ping()).rejects.toBeInstanceOf(TemporalUnavailable);
    await expect(gateway.ping()).resolves.toBeUndefined();
    lost.close();
    await away.connection.close();
  });
});
