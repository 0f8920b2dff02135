import { parse } from 'yaml';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes';
import { read, service } from './support';

describe('Temporal in docker-compose.yml', () => {
  const script = read('deploy/temporal/namespace.sh');

  it('has its tables before it starts', () => {
    expect(service('temporal-schema').depends_on).toEqual({ postgresql: { condition: 'service_healthy' } });
    expect(service('temporal').depends_on).toMatchObject({
      'temporal-schema': { condition: 'service_completed_successfully' },
    });
    expect(service('temporal-schema').entrypoint).toEqual(['/bin/sh', '/rollcall/schema.sh']);
  });

  it('is set up by tools of the same version', () => {
    const version = service('temporal').image.split(':')[1];
    expect(version).toMatch(/^1\.29\.\d+$/);
    for (const job of ['temporal-schema', 'temporal-namespace']) {
      expect(service(job).image).toMatch(new RegExp(`^temporalio/admin-tools:${version}-`));
    }
  });

  it('uses the databases that the set-up makes, with the same user', () => {
    const { DBNAME, VISIBILITY_DBNAME, POSTGRES_USER, POSTGRES_SEEDS, DB } = service('temporal').environment ?? {};
    const setUp = service('temporal-schema').environment ?? {};
    const made = [...read('deploy/temporal/schema.sh').matchAll(/^bring_up (\w+) /gm)].map(([, name]) => name);
    expect([DBNAME, VISIBILITY_DBNAME]).toEqual(made);
    expect([DB, POSTGRES_SEEDS, POSTGRES_USER]).toEqual([setUp['SQL_PLUGIN'], setUp['SQL_HOST'], setUp['SQL_USER']]);
    expect(service('postgresql').environment?.['POSTGRES_USER']).toBe(POSTGRES_USER);
  });

  it('knows every search attribute that workflows set, with its type, and no other', () => {
    const registered = [...script.matchAll(/^patiently ensure_attribute (\w+) (\w+)$/gm)];
    expect(Object.fromEntries(registered.map(([, name, type]) => [name, type]))).toEqual(SEARCH_ATTRIBUTES);
    expect(SEARCH_ATTRIBUTES).toEqual({
      RollcallConnectorId: 'Keyword',
      RollcallTrigger: 'Keyword',
      RollcallStatus: 'Keyword',
      RollcallFailed: 'Int',
    });
  });

  it('has its namespace and attributes made in the namespace that API and workers use', () => {
    const namespace = service('temporal-namespace').environment?.['TEMPORAL_NAMESPACE'];
    expect(namespace).toBe(service('worker').environment?.['TEMPORAL_NAMESPACE']);
    expect(service('temporal-ui').environment?.['TEMPORAL_DEFAULT_NAMESPACE']).toBe(namespace);
  });

  it('has a number of shards of its own, because it can never be changed', () => {
    expect(service('temporal').environment?.['NUM_HISTORY_SHARDS']).toBe('128');
  });

  it('takes no longer ids than its tables hold', () => {
    const limits = parse(read('deploy/temporal/dynamic-config.yaml')) as Record<string, { value: number }[]>;
    expect(limits['limit.maxIDLength']).toEqual([{ value: 255 }]);
    const [mount] = service('temporal').volumes ?? [];
    expect(mount?.split(':')[1]).toBe(service('temporal').environment?.['DYNAMIC_CONFIG_FILE_PATH']);
  });
});

describe('MongoDB in docker-compose.yml', () => {
  const start = read('deploy/mongodb/start.sh');

  it('is a replica set of version 8 whose members know each other by a key', () => {
    expect(service('mongodb').image).toMatch(/^mongo:8\.0\.\d+$/);
    expect(service('mongodb').command).toEqual(['bash', '/rollcall/start.sh']);
    expect(start).toContain('exec mongod --replSet rollcall --keyFile "$key"');
  });

  it('keeps the key in memory, for the user of the server only', () => {
    expect(/^key=(\S+)\//m.exec(start)?.[1]).toBe('/run/mongodb');
    expect(start).toContain('umask 077');
    expect(start).toContain('unset MONGODB_REPLICA_KEY');
    expect(service('mongodb').tmpfs).toContain('/run/mongodb:uid=999,gid=999,mode=0700,size=1m');
  });

  it('is healthy only as a primary, which the set-up brings about', () => {
    expect(service('mongodb').healthcheck?.test.at(-1)).toContain('isWritablePrimary');
    expect(service('mongodb-set-up').depends_on).toEqual({ mongodb: { condition: 'service_started' } });
  });

  it('is set up from its own network, where the first user may be created', () => {
    expect(service('mongodb-set-up').network_mode).toBe('service:mongodb');
    expect(service('mongodb-set-up').entrypoint?.at(-1)).toBe('/rollcall/set-up.js');
    expect(service('mongodb-set-up').image).toBe(service('mongodb').image);
    expect(service('worker').environment?.['MONGODB_URI']).toContain(
      `@${service('mongodb-set-up').environment?.['MONGODB_MEMBER'] ?? ''}/rollcall?replicaSet=rollcall`
    );
  });
});
