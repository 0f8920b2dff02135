import { randomUUID } from 'node:crypto';
import { migrationReport } from '../../api/migration';
import { taskWorkflowId } from '../../domain/ids';
import type { RequestRecord } from '../../store/records';
import { FLOW_QUEUE, TASK_WORKFLOW } from '../../workflows/messages';
import { effectsOf } from '../support/accounts';
import { people } from '../support/people';
import { startSystem } from '../support/system';
import type { System, SystemOptions } from '../support/system';

const CROWD = { application: 'rollcall', password: 'rollcall-secret' };

/** Carries the report out as the API asks for it. */
async function makeReport({ store, client }: System): Promise<RequestRecord | null> {
  const id = randomUUID();
  const createdAt = new Date().toISOString();
  await store.requests.open({ id, kind: 'migrationReport', subject: 'jira', input: {}, createdAt });
  await client.workflow.execute(TASK_WORKFLOW, {
    workflowId: taskWorkflowId(id),
    taskQueue: FLOW_QUEUE,
    args: [{ requestId: id }],
  });
  return store.requests.get(id);
}

async function startMixed(target: SystemOptions['target'] = {}): Promise<System> {
  const system = await startSystem({
    jira: { directories: 'ldap-second' },
    target,
    rows: people(2),
  });
  await system.run();
  await system.sim.change({
    users: [
      { name: 'ldapuser', directory: 'ldap' },
      { name: 'both', inBothDirectories: true },
      { name: 'user2', rename: 'renamed2' },
    ],
    projects: [{ key: 'ABC', lead: 'user1' }],
  });
  return system;
}

describe('the migration report', () => {
  let system: System;
  const report = (query: Partial<Parameters<typeof migrationReport>[2]> = {}) =>
    migrationReport(system.store, 'jira', { limit: 500, ...query });
  afterEach(async () => system.stop());

  it('tells where accounts lie, what they hide and lead, and under which name they are kept', async () => {
    system = await startMixed({ crowd: CROWD });
    await expect(report()).rejects.toThrow('There is no report yet');
    const before = await effectsOf(system.sim);
    expect(await makeReport(system)).toMatchObject({ status: 'done', error: null });
    const found = await report();
    const of = (name: string) => found.items.find(({ account }) => account.username === name);
    expect(of('ldapuser')).toMatchObject({ directory: { directoryId: '10000' }, link: null, findings: [] });
    expect(of('both')).toMatchObject({ directory: { directoryId: '1' }, shadows: [{ directoryId: '10000' }] });
    expect(of('user1')).toMatchObject({ leads: ['ABC'], link: { externalId: 'id-1' }, findings: ['leads'] });
    expect(of('renamed2')).toMatchObject({ link: { username: 'user2' }, findings: ['nameMismatch'] });
    expect(found.counts).toMatchObject({ shadows: 1, nameMismatch: 1 });
    expect(found.directories).toEqual({ '1': found.accounts - 1, '10000': 1 });
    expect((await report({ finding: 'shadows' })).items).toHaveLength(1);
    expect((await report({ q: 'LDAP' })).items).toHaveLength(1);
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('says what /rest/api/2 alone cannot tell', async () => {
    system = await startMixed();
    expect(await makeReport(system)).toMatchObject({ status: 'done' });
    const found = await report();
    expect(found.items.find(({ account }) => account.username === 'ldapuser')?.directory).toBeNull();
    expect(found.directories['unknown']).toBe(found.accounts - 1);
    expect(found.notes).toContainEqual(expect.stringContaining('Configure crowd'));
  });
});
