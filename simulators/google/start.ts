import { listen, LOOPBACK } from '../support/server';
import { createGoogleApp } from './app';
import type { GoogleSimulatorOptions } from './options';
import { createSimulator } from './simulator';

export interface RunningGoogleSimulator {
  /** The address of the API and of its tokens; /_sim lies below it. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A simulated Google domain that listens when the promise resolves. */
export async function startGoogleSimulator(options: GoogleSimulatorOptions = {}): Promise<RunningGoogleSimulator> {
  const simulator = createSimulator(options);
  const server = await listen(createGoogleApp(simulator), options.port ?? 0);
  simulator.origin = `http://${LOOPBACK}:${server.port}`;
  return { url: simulator.origin, stop: server.close };
}
