import type { CallCounts } from '../support/calls';
import type { ChangeInput, FaultInput } from './control';

export interface EntraStats extends CallCounts {
  readonly resourceUnits: number;
  /** Requests that were too much for them. */
  readonly throttled: number;
}

/** The control plane of a simulated Entra ID, also of one in another process. */
export interface EntraControl {
  readonly stats: () => Promise<EntraStats>;
  readonly change: (changes: ChangeInput) => Promise<void>;
  readonly addFault: (fault: FaultInput) => Promise<void>;
  readonly reset: (only?: 'stats' | 'faults' | 'state') => Promise<void>;
}

export function createEntraControl(controlUrl: string): EntraControl {
  const post = async (path: string, body: unknown): Promise<void> => {
    await request(controlUrl, path, { method: 'POST', body: JSON.stringify(body) });
  };
  return {
    stats: async () => (await request(controlUrl, '/stats', {})) as EntraStats,
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
