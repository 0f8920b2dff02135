import { listen, LOOPBACK } from '../support/server';
import { createOktaApp } from './app';
import type { OktaSimulatorOptions } from './options';
import { createSimulator } from './simulator';

export interface RunningOktaSimulator {
  /** The address of the org; /_sim lies below it. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A simulated Okta org that listens when the promise resolves. */
export async function startOktaSimulator(options: OktaSimulatorOptions = {}): Promise<RunningOktaSimulator> {
  const simulator = createSimulator(options);
  const server = await listen(createOktaApp(simulator), options.port ?? 0);
  simulator.origin = `http://${LOOPBACK}:${server.port}`;
  return { url: simulator.origin, stop: server.close };
}
