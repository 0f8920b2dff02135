import { listen, LOOPBACK } from '../support/server';
import { createJiraApp } from './app';
import type { JiraSimulatorOptions } from './options';
import { createSimulator } from './simulator';

export interface RunningJiraSimulator {
  /** Jira's base URL, with the context path. */
  readonly url: string;
  /** Where /_sim lies: the same without the context path. */
  readonly controlUrl: string;
  readonly port: number;
  /** Drops what is held, closes all connections and writes the data file. */
  readonly stop: () => Promise<void>;
}

/** A simulated Jira that listens when the promise resolves. */
export async function startJiraSimulator(options: JiraSimulatorOptions = {}): Promise<RunningJiraSimulator> {
  let port = options.port ?? 0;
  const origin = () => `http://${LOOPBACK}:${port}`;
  const simulator = createSimulator(options, origin);
  const server = await listen(createJiraApp(simulator), port);
  port = server.port;
  return {
    url: simulator.baseUrl(),
    controlUrl: origin(),
    port,
    stop: async () => {
      simulator.held.release('drop');
      await server.close();
      await simulator.saved();
    },
  };
}
