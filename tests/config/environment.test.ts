import fc from 'fast-check';
import { readEnvironment } from '../../config/environment';
import { ConfigurationError } from '../../config/errors';

function refusal(env: Record<string, string>): string {
  try {
    readEnvironment(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toEqual({
      temporal: { address: null, namespace: 'default', apiKey: null, tls: null },
      mongodbUri: null,
      port: 8080,
      dataDir: `${process.cwd()}/data`,
      encryptionKey: null,
      adminToken: null,
      embedded: { temporalPort: 7233, temporalUiPort: 8233, mongodbPort: 27117, jiraSimPort: 8085 },
      metrics: { port: null, temporalPort: null },
      tuning: { leaseSeconds: 60, httpTimeoutSeconds: 20, heartbeatSeconds: 30 },
      logLevel: 'info',
    });
  });

  it('takes an empty variable for one that is not given', () => {
    expect(readEnvironment({ PORT: '', MONGODB_URI: ' ', ROLLCALL_ADMIN_TOKEN: '' })).toEqual(readEnvironment({}));
  });

  it('reads what is given', () => {
    const environment = readEnvironment({
      TEMPORAL_ADDRESS: 'temporal.example.com:7233',
      TEMPORAL_NAMESPACE: 'rollcall',
      TEMPORAL_TLS_CLIENT_CERT_PATH: '/tls/cert.pem',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/tls/key.pem',
      MONGODB_URI: 'mongodb+srv://user:pw@db.example.com/rollcall',
      PORT: '9090',
      ROLLCALL_METRICS_PORT: '9464',
      ROLLCALL_TEMPORAL_METRICS_PORT: '9465',
      ROLLCALL_DATA_DIR: '/var/lib/rollcall',
      ROLLCALL_LOG_LEVEL: 'debug',
    });
    expect(environment).toMatchObject({
      temporal: { address: 'temporal.example.com:7233', tls: { clientCertPath: '/tls/cert.pem', caPath: null } },
      port: 9090,
      metrics: { port: 9464, temporalPort: 9465 },
      dataDir: '/var/lib/rollcall',
      logLevel: 'debug',
    });
  });

  it('turns TLS on for an API key', () => {
    expect(readEnvironment({ TEMPORAL_API_KEY: 'key' }).temporal.tls).not.toBeNull();
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['MONGODB_PORT', '-1'],
    ['ROLLCALL_METRICS_PORT', 'yes'],
    ['ROLLCALL_TEMPORAL_METRICS_PORT', '0x10'],
    ['TEMPORAL_ADDRESS', 'https://temporal.example.com:7233'],
    ['TEMPORAL_ADDRESS', 'temporal.example.com'],
    ['ROLLCALL_LOG_LEVEL', 'loud'],
    ['ROLLCALL_LEASE_SECONDS', 'soon'],
    ['ROLLCALL_HEARTBEAT_SECONDS', '0'],
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', '/tls/cert.pem'],
  ])('stops with one line that names %s=%s', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name}: `));
    expect(message).not.toContain('\n');
  });

  it.each([
    ['ROLLCALL_ENCRYPTION_KEY', 'hunter2-hunter2'],
    ['ROLLCALL_ADMIN_TOKEN', 'hunter2'],
    ['ROLLCALL_ADMIN_TOKEN', 'hunter2 hunter2 hunter2'],
    ['TEMPORAL_API_KEY', 'hunter2 with blanks'],
    ['MONGODB_URI', 'postgres://admin:hunter2@db'],
  ])('does not show a wrong secret: %s', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name}: `));
    expect(message).not.toContain('hunter2');
  });

  it.each([Buffer.alloc(32, 7).toString('base64'), 'ab'.repeat(32)])('takes the encryption key %s', (key) => {
    expect(readEnvironment({ ROLLCALL_ENCRYPTION_KEY: key }).encryptionKey).toBe(key);
  });

  it('refuses one port for two kinds of metrics, and lets the system choose both', () => {
    const both = (port: string) => ({ ROLLCALL_METRICS_PORT: port, ROLLCALL_TEMPORAL_METRICS_PORT: port });
    expect(refusal(both('9464'))).toBe(
      'ROLLCALL_TEMPORAL_METRICS_PORT: is 9464, the port of ROLLCALL_METRICS_PORT too: give each its own port'
    );
    expect(readEnvironment(both('0')).metrics).toEqual({ port: 0, temporalPort: 0 });
  });

  it('refuses two embedded servers on one port, and lets them be where they are not used', () => {
    expect(refusal({ PORT: '7233' })).toContain('TEMPORAL_PORT: is 7233, the port of PORT too');
    expect(readEnvironment({ PORT: '7233', TEMPORAL_ADDRESS: 'temporal:7233' }).port).toBe(7233);
    expect(readEnvironment({ PORT: '27117', MONGODB_URI: 'mongodb://db/x' }).port).toBe(27117);
  });
});

describe('durability 2.2: the lease outlives a call and a missed heartbeat', () => {
  const variables = (lease: number, http: number, heartbeat: number) => ({
    ROLLCALL_LEASE_SECONDS: String(lease),
    ROLLCALL_HTTP_TIMEOUT_SECONDS: String(http),
    ROLLCALL_HEARTBEAT_SECONDS: String(heartbeat),
  });

  it('refuses a lease that is not longer than both together, and takes every longer one', () => {
    const seconds = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(seconds, seconds, seconds, (lease, http, heartbeat) => {
        const env = variables(lease, http, heartbeat);
        if (lease > http + heartbeat) expect(readEnvironment(env).tuning.leaseSeconds).toBe(lease);
        else expect(refusal(env)).toMatch(/^ROLLCALL_LEASE_SECONDS: is \d+, but must be more than \d+ /);
      })
    );
  });
});
