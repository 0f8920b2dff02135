import { Agent, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import { ListenError, listen } from '../../api/server';

const FOR_EVER_MS = 600_000;
/** Node lets go of a connection that is kept by itself after five seconds. */
const BEFORE_NODE_DOES_MS = 4_000;
const LOCAL = { host: '127.0.0.1', port: 0 } as const;

/** Asks over a connection that the client wants to keep. */
function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('listen', () => {
  it(
    'closes when the request under way is answered, although its client keeps the connection',
    async () => {
      const agent = new Agent({ keepAlive: true });
      let arrived: (response: ServerResponse) => void = () => undefined;
      const underWay = new Promise<ServerResponse>((resolve) => {
        arrived = resolve;
      });
      const server = await listen(
        (_request, response) => {
          arrived(response);
        },
        { ...LOCAL, graceMs: FOR_EVER_MS }
      );
      const answer = ask(server.url, agent);
      const response = await underWay;
      const closed = server.close();
      response.end('late');
      expect(await answer).toBe(200);
      await closed;
      agent.destroy();
    },
    BEFORE_NODE_DOES_MS
  );

  it('cuts a request that is not answered within the grace', async () => {
    const agent = new Agent({ keepAlive: true });
    const arrived: ServerResponse[] = [];
    const server = await listen(
      (_request, response) => {
        arrived.push(response);
      },
      { ...LOCAL, graceMs: 1 }
    );
    const answer = ask(server.url, agent).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
    while (arrived.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    expect(await answer).toBe('ECONNRESET');
    agent.destroy();
  });

  it('names the variable to change when the port is in use', async () => {
    const first = await listen(() => undefined, LOCAL);
    const port = Number(new URL(first.url).port);
    await expect(listen(() => undefined, { ...LOCAL, port })).rejects.toThrow(ListenError);
    await expect(listen(() => undefined, { ...LOCAL, port })).rejects.toThrow(/set PORT to another/);
    await first.close();
  });
});
