import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient } from 'mongodb';
import { ListenError, listen } from '../../api/server';
import { startApi } from '../../api/start';
import type { ApiOptions } from '../../api/start';
import { providerDefinitions } from '../../connectors/registry';
import { StoreUnavailableError } from '../../store/connect';
import { silentLogger } from '../../telemetry/log';
import { testDatabaseName, testMongoUri, testTemporalAddress } from '../support/servers';

const TOKEN = 'token-of-a-test-0123456789';
const database = testDatabaseName('api-start');

function options(more: Partial<ApiOptions> = {}): ApiOptions {
  const uri = new URL(testMongoUri());
  uri.pathname = `/${database}`;
  return {
    host: '127.0.0.1',
    port: 0,
    mongoUri: uri.href,
    temporal: { address: testTemporalAddress(), namespace: 'default', apiKey: null, tls: null },
    adminToken: TOKEN,
    encryptionKeys: [{ id: 'k', bytes: randomBytes(32) }],
    definitions: providerDefinitions({ baseDirectory: '/' }),
    log: silentLogger(),
    ...more,
  };
}
const ask = (url: string, path: string) => fetch(url + path, { headers: { authorization: `Bearer ${TOKEN}` } });

describe('startApi', () => {
  afterAll(async () => {
    const client = new MongoClient(testMongoUri());
    await client.db(database).dropDatabase();
    await client.close();
  });

  it('serves, is ready, and stops cleanly', async () => {
    const api = await startApi(options());
    expect(await (await ask(api.url, '/readyz')).json()).toEqual({ status: 'ok', store: 'ok', temporal: 'ok' });
    expect((await ask(api.url, '/api/v1/connectors')).status).toBe(200);
    await api.close();
    await expect(ask(api.url, '/healthz')).rejects.toThrow();
  });

  it('starts and reads while Temporal is away, and says that it is not ready', async () => {
    const temporal = { address: '127.0.0.1:1', namespace: 'default', apiKey: null, tls: null };
    const api = await startApi(options({ temporal }));
    const ready = await ask(api.url, '/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'unavailable', store: 'ok', temporal: 'unavailable' });
    expect((await ask(api.url, '/api/v1/runs')).status).toBe(200);
    await api.close();
  });

  it('says where no MongoDB answers, and leaves nothing open', async () => {
    await expect(startApi(options({ mongoUri: 'mongodb://127.0.0.1:1/x' }))).rejects.toBeInstanceOf(
      StoreUnavailableError
    );
  });
});

describe('listen', () => {
  it('says that a port is in use and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const listening = listen(() => undefined, { host: '127.0.0.1', port });
    await expect(listening).rejects.toBeInstanceOf(ListenError);
    await expect(listening).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('says that an address is none of this machine', async () => {
    await expect(listen(() => undefined, { host: '192.0.2.1', port: 0 })).rejects.toBeInstanceOf(ListenError);
  });

  it('lets a running request end when it closes', async () => {
    let respond: () => void = () => undefined;
    let arrived: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (arrived = resolve));
    const server = await listen(
      (_request, response) => {
        respond = () => response.end('done');
        arrived();
      },
      { host: '127.0.0.1', port: 0 }
    );
    const answer = fetch(server.url, { headers: { connection: 'close' } });
    await asked;
    const closed = server.close();
    respond();
    expect(await (await answer).text()).toBe('done');
    await closed;
  });

  it('cuts a request that does not end', async () => {
    const server = await listen(() => undefined, { host: '127.0.0.1', port: 0, graceMs: 50 });
    const answer = fetch(server.url).catch(() => 'cut');
    await server.close();
    expect(await answer).toBe('cut');
  });
});
