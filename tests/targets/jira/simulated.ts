import { createSimulatorControl, type SimulatorControl } from '../../../simulators/jira/controlClient';
import type { JiraSimulatorOptions } from '../../../simulators/jira/options';
import { startJiraSimulator } from '../../../simulators/jira/start';
import type { CreateUserInput, ProvisioningTarget } from '../../../targets/target';
import { targetFor } from './support';

/** A simulated Jira of one test, and the target that reaches it. */
export interface Simulated {
  readonly url: string;
  readonly sim: SimulatorControl;
  readonly target: ProvisioningTarget;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function simulations(): (options?: JiraSimulatorOptions) => Promise<Simulated> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const jira = await startJiraSimulator(options);
    const target = targetFor(jira.url);
    stops.push(() => target.close(), jira.stop);
    return { url: jira.url, sim: createSimulatorControl(jira.controlUrl), target };
  };
}

export const input = (username: string, changes: Partial<CreateUserInput> = {}): CreateUserInput => ({
  username,
  email: `${username}@example.com`,
  displayName: `Display ${username}`,
  notify: false,
  applicationKeys: [],
  ...changes,
});

export const groupsOf = async (sim: SimulatorControl, name: string): Promise<readonly string[]> =>
  (await sim.users()).find((user) => user.name === name)?.groups ?? [];
