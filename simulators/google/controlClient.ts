import type { CallCounts } from '../support/calls';
import type { ChangeInput } from './changes';
import type { FaultInput } from './control';

/** The control plane of a simulated Google, also of one in another process. */
export interface GoogleControl {
  readonly stats: () => Promise<CallCounts>;
  readonly change: (changes: ChangeInput) => Promise<void>;
  readonly addFault: (fault: FaultInput) => Promise<void>;
  readonly reset: (only?: 'stats' | 'faults' | 'state') => Promise<void>;
}

export function createGoogleControl(controlUrl: string): GoogleControl {
  const post = async (path: string, body: unknown): Promise<void> => {
    await request(controlUrl, path, { method: 'POST', body: JSON.stringify(body) });
  };
  return {
    stats: async () => (await request(controlUrl, '/stats', {})) as CallCounts,
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
