import { randomUUID } from 'node:crypto';
import { accountsOf } from '../support/accounts';
import { until } from '../support/commands';
import { people } from '../support/people';
import { startSystem, type System } from '../support/system';
import { removeUpdate } from '../../workflows/messages';

describe('a connector that is deleted', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: people(3) });
    await system.run();
  });
  afterAll(async () => system.stop());

  it('leaves its accounts as they are, and the audit log says how many nobody looks after any more', async () => {
    await system.handle.executeUpdate(removeUpdate, {
      args: [{ requestId: randomUUID(), whenConnectorIsDeleted: 'release' }],
    });
    await until(async () => (await system.store.connectors.get(system.connectorId)) === null);
    expect(Object.values(await accountsOf(system.sim)).every(({ active }) => active)).toBe(true);
    const { items } = await system.store.audit.list({ limit: 5, cursor: null });
    expect(items).toContainEqual(
      expect.objectContaining({
        action: 'connector.release',
        subject: system.connectorId,
        by: 'system',
        details: { accounts: 3 },
      })
    );
  });
});
