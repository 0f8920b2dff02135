import { listen, LOOPBACK } from '../support/server';
import { createKeycloakApp } from './app';
import type { KeycloakSimulatorOptions } from './options';
import { createSimulator } from './simulator';

export interface RunningKeycloakSimulator {
  /** Keycloak's base URL, with the context path. */
  readonly url: string;
  /** Where /_sim lies: the same without the context path. */
  readonly controlUrl: string;
  readonly stop: () => Promise<void>;
}

/** A simulated Keycloak with one realm that listens when the promise resolves. */
export async function startKeycloakSimulator(
  options: KeycloakSimulatorOptions = {}
): Promise<RunningKeycloakSimulator> {
  const simulator = createSimulator(options);
  const server = await listen(createKeycloakApp(simulator), options.port ?? 0);
  const controlUrl = `http://${LOOPBACK}:${server.port}`;
  return { url: `${controlUrl}${simulator.contextPath}`, controlUrl, stop: server.close };
}
