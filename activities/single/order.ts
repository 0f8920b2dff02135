import type { ConnectorConfig } from '../../config/connector';
import type { AttributeRecord } from '../../domain/model';
import { settingsFor } from '../../domain/single-user';
import type { SingleTrigger } from '../../domain/single-user';
import type { RequestRecord } from '../../store/records';
import type { ConnectorContext } from '../runContext';

/** One person to sync, as the request says. */
export interface SingleOrder {
  readonly requestId: string;
  readonly connectorId: string;
  /** External id, username or e-mail address. */
  readonly identifier: string;
  /** Attributes that a log-in brought. */
  readonly attributes: AttributeRecord;
  readonly trigger: SingleTrigger;
  readonly mode: 'sync' | 'preview';
  /** ISO time of the request: grace, the day and the hour of the limits count from it, in every attempt. */
  readonly at: string;
}

/** What a single sync works with: the settings are those of its trigger. */
export interface SingleContext extends ConnectorContext {
  readonly order: SingleOrder;
  /** Nothing may be written. */
  readonly preview: boolean;
}

/** Reads the order back from its request. @throws Error when the request is of another kind */
export function orderOf(request: RequestRecord): SingleOrder {
  if (request.kind !== 'syncUser') throw new Error(`request kind ${request.kind} is no sync of a person`);
  const { identifier, attributes, trigger, mode } = request.input as unknown as SingleInput;
  return {
    requestId: request.id,
    connectorId: request.subject,
    at: request.createdAt,
    ...{ identifier, attributes, trigger, mode },
  };
}

/** The input of a request of kind `syncUser`. */
export type SingleInput = Pick<SingleOrder, 'identifier' | 'attributes' | 'trigger' | 'mode'>;

export function singleContext(context: ConnectorContext, order: SingleOrder): SingleContext {
  const settings: ConnectorConfig = settingsFor(context.settings, context.settings.login, order.trigger);
  return { ...context, settings, order, preview: order.mode === 'preview' || settings.mode === 'observe' };
}
