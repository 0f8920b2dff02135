/** The control plane of a simulated provider, also of one in another process. */
export interface ProviderControl<Stats, Change, Fault> {
  readonly stats: () => Promise<Stats>;
  readonly change: (changes: Change) => Promise<void>;
  readonly addFault: (fault: Fault) => Promise<void>;
  readonly reset: (only?: 'stats' | 'faults' | 'state') => Promise<void>;
}

/** @param controlUrl address of the simulator, without a slash at its end */
export function createProviderControl<Stats, Change, Fault>(controlUrl: string): ProviderControl<Stats, Change, Fault> {
  const post = async (path: string, body: unknown): Promise<void> => {
    await request(controlUrl, path, { method: 'POST', body: JSON.stringify(body) });
  };
  return {
    stats: async () => (await request(controlUrl, '/stats', {})) as Stats,
    change: (changes) => post('/users', changes),
    addFault: (fault) => post('/faults', fault),
    reset: (only) => post('/reset', only === undefined ? {} : { only }),
  };
}

async function request(controlUrl: string, path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(`${controlUrl}/_sim${path}`, init);
  const content = await response.text();
  if (!response.ok) throw new Error(`/_sim${path} answered ${response.status}: ${content}`);
  return content === '' ? undefined : JSON.parse(content);
}
