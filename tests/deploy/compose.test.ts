import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../../config/environment';
import { ROOT, compose, read, service } from './support';

const services = Object.entries(compose.services);
const jobs = services.filter(([, { restart }]) => restart === 'no');
const lasting = services.filter(([, { restart }]) => restart !== 'no');
/** Third-party images whose start writes beside their own programs. */
const WRITES_INTO_ITS_IMAGE = ['temporal', 'temporal-ui'];
const A_SECRET = '5e'.repeat(32);

/** Replaces `${NAME:?...}` by a secret and `${NAME:-default}` by its default, as Compose does. */
const filledIn = (text: string): string =>
  text.replace(/\$\{\w+:\?[^}]*\}/g, A_SECRET).replace(/\$\{\w+:-([^}]*)\}/g, '$1');

/** What a process of the service finds in its environment. */
const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, filledIn(value)]));

describe('secrets in docker-compose.yml', () => {
  const secretVariables = services.flatMap(([name, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([key]) => /PASSWORD|PWD|TOKEN|SECRET|_KEY$|URI/.test(key))
      .map(([key, value]) => [name, key, value] as const)
  );

  it('are found at all', () => {
    expect(secretVariables.length).toBeGreaterThan(8);
  });

  it.each(secretVariables)('has no default for %s %s: the start is refused without it', (_, __, value) => {
    expect(value).toMatch(/\$\{\w+:\?run deploy\/make-env\.sh\}/);
    expect(value.replace(/\$\{\w+:\?[^}]*\}/, '')).not.toMatch(/\$|password|secret/i);
  });

  it('are all made by deploy/make-env.sh', () => {
    const wanted = [...read('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    const script = read('deploy/make-env.sh').replace(/\\\n/g, '');
    const made = (/for name in ([\w ]+);/.exec(script)?.[1] ?? '').split(/ +/);
    expect([...new Set(wanted)].sort()).toEqual([...made].sort());
  });

  it('never stand on a command line, where every process of the host reads them', () => {
    for (const [, { command = [], entrypoint = [], healthcheck }] of services) {
      const words = [...command, ...entrypoint, ...(healthcheck?.test ?? [])].join(' ');
      expect(words).not.toMatch(/\$\{?\w*(PASSWORD|TOKEN|KEY|SECRET)/);
    }
  });
});

describe('every service of docker-compose.yml', () => {
  it.each(services)('%s has an image pinned by an exact version or digest', (_, { image }) => {
    expect(image).toMatch(/:\d+\.\d+\.\d+(-[\w.-]+)?$|:\d+\.\d+-bookworm$|@sha256:[0-9a-f]{64}$/);
  });

  it.each(services)('%s runs as a user that is not root, without capabilities and without a way to them', (_, it) => {
    expect(it.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(it.cap_drop).toEqual(['ALL']);
    expect(it.security_opt).toEqual(['no-new-privileges:true']);
    expect(it.privileged).toBeUndefined();
  });

  it.each(services.filter(([name]) => !WRITES_INTO_ITS_IMAGE.includes(name)))(
    '%s has a read-only root file system',
    (_, { read_only: readOnly, tmpfs = [] }) => {
      expect(readOnly).toBe(true);
      expect(tmpfs.every((mount) => /size=\d+m/.test(mount))).toBe(true);
    }
  );

  it.each(lasting)('%s comes back after a crash, says whether it is well and gets time to stop', (name, it) => {
    expect(it.restart).toBe('unless-stopped');
    expect(it.healthcheck?.test[0]).toBe('CMD');
    if (name !== 'temporal-ui') expect(it.stop_grace_period).toMatch(/^[2-9]\ds$/);
  });

  it('mounts only files that are in the checkout, read-only, and volumes that have a name', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes).map((mount) => mount.split(':'));
    const files = mounts.filter(([source = '']) => source.startsWith('./'));
    const named = mounts.filter(([source = '']) => !source.startsWith('./'));
    expect(files.length).toBeGreaterThan(0);
    for (const [source = '', , access] of files) {
      expect(existsSync(join(ROOT, source))).toBe(true);
      expect(access).toBe('ro');
    }
    expect(named.map(([source]) => source).sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('depends on services that exist, by a condition that they can meet', () => {
    for (const [, { depends_on: needs = {} }] of services) {
      for (const [name, { condition }] of Object.entries(needs)) {
        const isJob = jobs.some(([job]) => job === name);
        expect([name, condition]).toEqual([
          name,
          isJob ? 'service_completed_successfully' : expect.stringMatching(/^service_(healthy|started)$/),
        ]);
      }
    }
  });
});

describe('what docker-compose.yml lets in', () => {
  it('publishes the API and the Temporal UI, on this host only unless told otherwise', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, filledIn(port)]));
    expect(published).toEqual([
      ['api', '127.0.0.1:8080:8080'],
      ['temporal-ui', '127.0.0.1:8233:8080'],
    ]);
  });

  it('keeps databases and Temporal in a network without a way out', () => {
    expect(compose.networks['backend']).toEqual({ internal: true });
    const outside = services.filter(([, { networks = [] }]) => networks.includes('outside')).map(([name]) => name);
    expect(outside.sort()).toEqual(['api', 'temporal-ui', 'worker']);
    expect(services.every(([, it]) => it.network_mode === 'service:mongodb' || it.networks?.includes('backend'))).toBe(
      true
    );
  });
});

describe('API and workers in docker-compose.yml', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };

  it('run one image of this version', () => {
    expect([service('api').image, service('worker').image]).toEqual([`rollcall:${version}`, `rollcall:${version}`]);
    expect(service('worker').command?.at(-1)).toBe('dist/workers/main.js');
    expect(service('api').command).toBeUndefined();
    expect(read('Dockerfile')).toContain('CMD ["node", "--enable-source-maps", "dist/api/main.js"]');
  });

  it('are one API and two workers, or as many as ROLLCALL_WORKERS says', () => {
    expect(service('worker').deploy?.replicas).toBe('${ROLLCALL_WORKERS:-2}');
    expect(service('worker').ports).toBeUndefined();
  });

  it.each(['api', 'worker'])('%s gets settings that the program accepts, and no embedded server', (name) => {
    const environment = readEnvironment(environmentOf(name));
    expect(environment.temporal).toMatchObject({ address: 'temporal:7233', namespace: 'rollcall' });
    expect(environment.mongodbUri).toMatch(/^mongodb:\/\/rollcall:5e.*@mongodb:27017\/rollcall\?replicaSet=rollcall$/);
    expect(environment.encryptionKey).toBe(A_SECRET);
    expect(environment.adminToken).toBe(name === 'api' ? A_SECRET : null);
  });

  it('share every setting but the token and the ports on which each listens', () => {
    const { ROLLCALL_ADMIN_TOKEN: _token, PORT, ...shared } = environmentOf('api');
    const { ROLLCALL_METRICS_PORT, ROLLCALL_TEMPORAL_METRICS_PORT, ...worker } = environmentOf('worker');
    expect(shared).toEqual(worker);
    expect({ PORT, ROLLCALL_METRICS_PORT, ROLLCALL_TEMPORAL_METRICS_PORT }).toEqual({
      PORT: '8080',
      ROLLCALL_METRICS_PORT: '9464',
      ROLLCALL_TEMPORAL_METRICS_PORT: '9465',
    });
    expect(shared['HOST']).toBe('0.0.0.0');
  });

  it('start when the store can be written to and Temporal knows the namespace and its search attributes', () => {
    for (const name of ['api', 'worker']) {
      expect(service(name).depends_on).toEqual({
        'mongodb-set-up': { condition: 'service_completed_successfully' },
        mongodb: { condition: 'service_healthy' },
        'temporal-namespace': { condition: 'service_completed_successfully' },
        temporal: { condition: 'service_healthy' },
      });
    }
  });

  it('are looked after by what can tell: HTTP for the API, its place at the queues for a worker', () => {
    expect(service('api').healthcheck?.test).toEqual(['CMD', 'node', 'deploy/health/api.mjs']);
    expect(service('worker').healthcheck?.test).toEqual(['CMD', 'node', 'deploy/health/worker.mjs']);
  });
});
