import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { choosePorts } from '../../embedded/ports';

describe('choosePorts', () => {
  let busy: Server;
  let busyPort: number;

  beforeAll(async () => {
    busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    busyPort = (busy.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => busy.close(resolve)));

  it('refuses a port in use with its number, what wanted it and the variable to change', async () => {
    const request = { server: 'the Temporal UI', variable: 'TEMPORAL_UI_PORT', port: busyPort };

    await expect(choosePorts([request])).rejects.toThrow(
      new RegExp(`port ${busyPort} is in use, so the Temporal UI cannot start .* set TEMPORAL_UI_PORT`)
    );
  });

  it('takes different free ports for 0', async () => {
    const requests = ['A', 'B', 'C'].map((variable) => ({ server: 'test', variable, port: 0 }));
    const ports = [...(await choosePorts(requests)).values()];

    expect(new Set(ports).size).toBe(3);
    expect(Math.min(...ports)).toBeGreaterThan(0);
  });

  it('refuses the same port for two servers', async () => {
    const port = (await choosePorts([{ server: 'test', variable: 'A', port: 0 }])).get('A') ?? 0;
    const requests = ['A', 'B'].map((variable) => ({ server: 'test', variable, port }));

    await expect(choosePorts(requests)).rejects.toThrow('set B to another port');
  });
});
