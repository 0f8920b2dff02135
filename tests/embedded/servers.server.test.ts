import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { MongoClient } from 'mongodb';
import { startEmbeddedServers } from '../../embedded/servers';
import type { EmbeddedOptions, EmbeddedServers } from '../../embedded/servers';

describe('startEmbeddedServers', () => {
  let dataDir: string;
  let servers: EmbeddedServers;
  const unexpected = jest.fn();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'rollcall-embedded-'));
    servers = await startEmbeddedServers(options());
  });
  afterAll(async () => {
    await servers.stop();
    rmSync(dataDir, { recursive: true });
  });

  function options(): EmbeddedOptions {
    return {
      dataDir,
      temporalPort: 0,
      temporalUiPort: 0,
      mongoPort: 0,
      report: jest.fn(),
      env: process.env,
      onUnexpectedEnd: unexpected,
    };
  }

  it('serves the Temporal UI', async () => {
    expect((await fetch(servers.temporalUiUrl ?? '')).status).toBe(200);
  });

  it('refuses a second start on the same data', async () => {
    await expect(
      startEmbeddedServers({ ...options(), dataDir: `${dataDir}/../${dataDir.split('/').at(-1) ?? ''}` })
    ).rejects.toThrow('in use');
  });

  it('takes servers that the environment names as they are', async () => {
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: 'temporal.example.com:7233',
      MONGODB_URI: 'mongodb://db.example.com',
    };
    const named = await startEmbeddedServers({ ...options(), dataDir: join(dataDir, 'other'), env });

    expect(named).toMatchObject({
      temporalAddress: 'temporal.example.com:7233',
      temporalUiUrl: null,
      mongoUri: 'mongodb://db.example.com',
      pids: {},
    });
    await expect(named.restartMongo()).rejects.toThrow('not ours to restart');
    await named.stop();
  });

  it('brings back a killed Temporal server with its workflows and search attributes', async () => {
    await withClient(servers, async (client) => {
      const key = defineSearchAttributeKey('RollcallConnectorId', SearchAttributeType.KEYWORD);
      const typedSearchAttributes = [{ key, value: 'c1' }];
      await client.workflow.start('any', { workflowId: 'kept', taskQueue: 'none', typedSearchAttributes });
    });
    const before = kill(servers.pids.temporal);
    await servers.restartTemporal();

    expect(servers.pids.temporal).not.toBe(before);
    await withClient(servers, async (client) => {
      expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    });
  });

  it('brings back a killed MongoDB with its documents', async () => {
    const client = new MongoClient(servers.mongoUri);
    await client.db('test').collection<{ _id: string }>('items').insertOne({ _id: 'kept' });
    await client.close();
    kill(servers.pids.mongo);
    await servers.restartMongo();

    const again = new MongoClient(servers.mongoUri);
    expect(await again.db('test').collection('items').countDocuments()).toBe(1);
    await again.close();
  });

  it('tells when a server ends unasked, and leaves no process after stop', async () => {
    const mongo = servers.pids.mongo ?? NaN;
    unexpected.mockClear();
    const temporal = kill(servers.pids.temporal);
    while (servers.pids.temporal !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await servers.stop();

    expect(unexpected.mock.calls).toEqual([['temporal', 'SIGKILL']]);
    expect(() => process.kill(temporal, 0)).toThrow('ESRCH');
    expect(() => process.kill(mongo, 0)).toThrow('ESRCH');
  });
});

async function withClient(servers: EmbeddedServers, use: (client: Client) => Promise<void>): Promise<void> {
  const connection = await Connection.connect({ address: servers.temporalAddress });
  try {
    await use(new Client({ connection, namespace: servers.namespace }));
  } finally {
    await connection.close();
  }
}

/** Never a missing number: 0 would be all processes of this group. */
function kill(pid: number | undefined): number {
  if (pid === undefined) {
    throw new Error('the server does not run');
  }
  process.kill(pid, 'SIGKILL');
  return pid;
}
