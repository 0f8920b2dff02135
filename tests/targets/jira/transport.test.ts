import { createServer as createProxy, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { createJiraTarget } from '../../../targets/jira/jira-target';
import type { JiraTls } from '../../../targets/jira/settings';
import { TargetError } from '../../../targets/target';
import { ownCertificate } from './certificates';
import { bean, never, refusal, settingsFor, targetFor } from './support';

const HOST = 'jira.internal';
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'];

let stops: (() => Promise<void>)[] = [];
const before = Object.fromEntries(PROXY_VARIABLES.map((name) => [name, process.env[name]]));

beforeEach(() => {
  for (const name of PROXY_VARIABLES) Reflect.deleteProperty(process.env, name);
});
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      })
  );
  return (server.address() as AddressInfo).port;
}

/** A Jira behind TLS; `seen` collects the names of the client certificates it was shown. */
async function startJira(options: ServerOptions): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer(options, (request, response) => {
    const { socket } = request;
    const shown = socket instanceof TLSSocket ? socket.getPeerCertificate() : null;
    seen.push(shown === null || Object.keys(shown).length === 0 ? 'nobody' : String(shown.subject.CN));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(bean('fred')));
  });
  return { port: await listen(server), seen };
}

/** A proxy that leads every tunnel to `port` and notes where it was to lead. */
async function startProxy(port: number): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createProxy();
  server.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    const far = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    socket.on('error', () => far.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked };
}

async function readThroughProxy(tls?: JiraTls) {
  const target = targetFor(`https://${HOST}`, { tls });
  stops.push(() => target.close());
  return target.findByKey('K', never());
}

describe('the way to Jira', () => {
  const server = ownCertificate(HOST);
  const client = ownCertificate('rollcall', 'open sesame');
  const clientTls = { cert: client.cert, key: client.key, passphrase: 'open sesame' };

  it('goes by the proxy of the environment and trusts the configured authority behind it', async () => {
    const jira = await startJira(server);
    const proxy = await startProxy(jira.port);
    process.env['HTTPS_PROXY'] = proxy.url;
    expect(await readThroughProxy({ ca: server.cert })).toMatchObject({ username: 'fred' });
    expect(proxy.asked).toEqual([`${HOST}:443`]);
  });

  it('goes past the proxy where NO_PROXY names Jira', async () => {
    const proxy = await startProxy(1);
    process.env['HTTPS_PROXY'] = proxy.url;
    process.env['NO_PROXY'] = HOST;
    expect((await refusal(readThroughProxy())).kind).toBe('ambiguous');
    expect(proxy.asked).toEqual([]);
  });

  it('goes past the proxy to this machine', async () => {
    const jira = await startJira(server);
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
    const target = targetFor(`https://127.0.0.1:${jira.port}`, { tls: { ca: server.cert } });
    stops.push(() => target.close());
    // The certificate is not for 127.0.0.1: the connection was made, and refused for that alone.
    const error = await refusal(target.findByKey('K', never()));
    expect(error).toMatchObject({ kind: 'configuration', message: expect.stringContaining('ALTNAME') });
  });

  it('does not trust an authority that nobody configured, and says what to do', async () => {
    const jira = await startJira(server);
    process.env['HTTPS_PROXY'] = (await startProxy(jira.port)).url;
    const error = await refusal(readThroughProxy());
    expect(error).toMatchObject({ kind: 'configuration', remedy: expect.stringContaining('tls.ca') });
    expect(jira.seen).toEqual([]);
  });

  it('shows the client certificate that the settings hold', async () => {
    const jira = await startJira({ ...server, ca: client.cert, requestCert: true, rejectUnauthorized: true });
    process.env['HTTPS_PROXY'] = (await startProxy(jira.port)).url;
    await readThroughProxy({ ca: server.cert, ...clientTls });
    expect(jira.seen).toEqual(['rollcall']);
    expect((await refusal(readThroughProxy({ ca: server.cert }))).kind).not.toBe('notFound');
    expect(jira.seen).toEqual(['rollcall']);
  });

  it.each<[string, JiraTls]>([
    ['a wrong passphrase', { ...clientTls, passphrase: 'wrong' }],
    ['a key of another certificate', { cert: server.cert, key: client.key, passphrase: 'open sesame' }],
    ['a text that is no certificate', { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }],
  ])('is not opened with %s, and no secret is told', (_name, tls) => {
    const open = () => createJiraTarget(settingsFor(`https://${HOST}`, { tls }), { httpTimeoutMs: 1_000 });
    expect(open).toThrow(TargetError);
    expect(open).not.toThrow(/open sesame|wrong|PRIVATE/);
  });
});
