import type { CallCounts } from '../support/calls';
import { createProviderControl, type ProviderControl } from '../support/providerControl';
import type { ChangeInput, FaultInput } from './control';

export interface EntraStats extends CallCounts {
  readonly resourceUnits: number;
  /** Requests that were too much for them. */
  readonly throttled: number;
}

export type EntraControl = ProviderControl<EntraStats, ChangeInput, FaultInput>;

export const createEntraControl = (controlUrl: string): EntraControl => createProviderControl(controlUrl);
