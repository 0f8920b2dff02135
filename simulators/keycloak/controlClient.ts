import type { CallCounts } from '../support/calls';
import { createProviderControl, type ProviderControl } from '../support/providerControl';
import type { ChangeInput, FaultInput } from './control';

export type KeycloakControl = ProviderControl<CallCounts, ChangeInput, FaultInput>;

export const createKeycloakControl = (controlUrl: string): KeycloakControl => createProviderControl(controlUrl);
