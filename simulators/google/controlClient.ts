import type { CallCounts } from '../support/calls';
import { createProviderControl, type ProviderControl } from '../support/providerControl';
import type { ChangeInput } from './changes';
import type { FaultInput } from './control';

export type GoogleControl = ProviderControl<CallCounts, ChangeInput, FaultInput>;

export const createGoogleControl = (controlUrl: string): GoogleControl => createProviderControl(controlUrl);
