import { randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { createTemporalGateway } from '../../api/gateway';
import { dispatch } from '../../api/scim/dispatch';
import type { ScimCall, ScimDependencies } from '../../api/scim/call';
import { createChangeNotifier } from '../../api/scim/notifier';
import { scimSettingsOf } from '../../config/scim';
import { scimKinds } from '../../domain/scim/kinds';
import { FLOW_QUEUE } from '../../workflows/messages';
import type { System } from './system';

type Operation = Readonly<Record<string, unknown>>;

/** An identity provider that pushes to the connector of a system, through what answers its requests in the API. */
export function pushTo(system: System) {
  const gateway = createTemporalGateway(system.client, {
    taskQueue: FLOW_QUEUE,
    tuning: { heartbeatTimeoutMs: 3_000 },
  });
  let isSilent = false;
  const notifier = createChangeNotifier(
    (connectorId) => gateway.signalChanges(connectorId),
    () => undefined
  );
  const deps: ScimDependencies = {
    store: system.store.scim,
    clock: system.clock.now,
    newMoment: () => ulid(system.clock.now().getTime()),
    newId: () => randomUUID(),
    changed: (connectorId) => {
      if (!isSilent) notifier.changed(connectorId);
    },
  };
  const settings = scimSettingsOf(system.config.source);
  if (settings === null) throw new Error('nobody pushes to this connector');
  const connector = { id: system.connectorId, settings, kinds: scimKinds(settings.extension) };
  const send = async (method: string, path: string, body?: unknown, query: Operation = {}): Promise<Operation> => {
    const segments = path.split('/').filter((part) => part !== '');
    const call: ScimCall = { connector, method, segments, query, headers: {}, body, base: 'http://test' };
    const { body: answer } = await dispatch(deps, call);
    return typeof answer === 'string' ? (JSON.parse(answer) as Operation) : {};
  };
  const created = async (path: string, body: Operation): Promise<string> => {
    const { id } = await send('POST', path, body, { excludedAttributes: 'members' });
    return id as string;
  };
  return {
    send,
    /** @returns its id */
    user: (userName: string, more: Operation = {}): Promise<string> =>
      created('Users', {
        userName,
        displayName: `Person ${userName}`,
        emails: [{ value: `${userName}@example.com`, type: 'work' }],
        ...more,
      }),
    /** @returns its id */
    group: (displayName: string, members: readonly string[] = []): Promise<string> =>
      created('Groups', { displayName, members: members.map((value) => ({ value })) }),
    patch: (path: string, ...operations: readonly Operation[]) => send('PATCH', path, { Operations: operations }),
    disable: (id: string) =>
      send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'active', value: false }] }),
    remove: (path: string) => send('DELETE', path),
    /** From now on the workflow is not told of what is pushed. */
    silence: (): void => {
      isSilent = true;
    },
    /** How many changes wait. */
    waiting: async (): Promise<number> =>
      (await system.store.scim.pending.oldest(system.connectorId, 1_000, system.clock.now().getTime())).length,
    close: (): void => {
      gateway.close();
    },
  };
}
export type Pushing = ReturnType<typeof pushTo>;
