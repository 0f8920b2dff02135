/**
 * Health of a container that runs a worker: Temporal sees this host ask for work on every queue. Its port for metrics
 * tells that the process lives, which says nothing: one that has lost Temporal lives too. Takes the worker's own settings.
 */
import { hostname } from 'node:os';
import config from '../../dist/config/environment.js';
import api from '../../dist/api/temporal.js';
import messages from '../../dist/workflows/messages.js';

/** A poller asks again after at most a minute; Temporal remembers one for five. */
const FRESH_MS = 120_000;
const TIMEOUT_MS = 8_000;

/** Workflow tasks and activity tasks are polled for apart; the flow queue has no activities. */
const QUEUES = [
  { name: messages.FLOW_QUEUE, taskQueueType: 1 },
  { name: messages.INTERACTIVE_QUEUE, taskQueueType: 2 },
  { name: messages.BULK_QUEUE, taskQueueType: 2 },
];

async function isPolledFromHere({ connection, options }, { name, taskQueueType }) {
  const { namespace } = options;
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType,
  });
  const mine = `@${hostname()}`;
  return pollers.some(
    ({ identity, lastAccessTime }) =>
      identity.endsWith(mine) && Date.now() - Number(lastAccessTime.seconds) * 1_000 < FRESH_MS
  );
}

async function silentQueues() {
  const { temporal, embedded } = config.readEnvironment(process.env);
  const address = temporal.address ?? `127.0.0.1:${embedded.temporalPort}`;
  const client = await api.connectTemporal({ ...temporal, address });
  return client.connection.withDeadline(Date.now() + TIMEOUT_MS, async () => {
    const polled = await Promise.all(QUEUES.map((queue) => isPolledFromHere(client, queue)));
    return QUEUES.filter((_, n) => !polled[n]).map(({ name }) => name);
  });
}

const reason = await silentQueues().then(
  (silent) => (silent.length === 0 ? null : `no worker of this host asks for work on ${silent.join(', ')}`),
  (error) => `Temporal does not answer: ${error.message}`
);
if (reason !== null) process.stderr.write(`${reason}\n`);
process.exit(reason === null ? 0 : 1);
