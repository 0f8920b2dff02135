import { listen, LOOPBACK } from '../support/server';
import { createEntraApp } from './app';
import type { EntraSimulatorOptions } from './options';
import { createSimulator, type Simulator } from './simulator';

export interface RunningEntraSimulator {
  /** Graph and log-in both lie below it. */
  readonly url: string;
  readonly controlUrl: string;
  /** The simulator itself, for tests in the same process. */
  readonly simulator: Simulator;
  readonly stop: () => Promise<void>;
}

/** A simulated Microsoft Graph and log-in of one tenant that listens when the promise resolves. */
export async function startEntraSimulator(options: EntraSimulatorOptions = {}): Promise<RunningEntraSimulator> {
  const simulator = createSimulator(options);
  const server = await listen(createEntraApp(simulator), options.port ?? 0);
  const url = `http://${LOOPBACK}:${server.port}`;
  return { url, controlUrl: url, simulator, stop: server.close };
}
