import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { QueuedRun } from '../domain/run-queue';
import type { SearchAttributeName } from '../domain/search-attributes';

const keyword = (name: SearchAttributeName) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const CONNECTOR_ID = keyword('RollcallConnectorId');
const TRIGGER = keyword('RollcallTrigger');
const STATUS = keyword('RollcallStatus');
const FAILED = defineSearchAttributeKey('RollcallFailed', SearchAttributeType.INT);

/** What everything that belongs to a run is found by. */
export function partAttributes(connectorId: string, run: QueuedRun): SearchAttributePair[] {
  return [
    { key: CONNECTOR_ID, value: connectorId },
    { key: TRIGGER, value: run.trigger },
  ];
}

/** What a run is found by from its start; markEnd changes the status. */
export function runAttributes(connectorId: string, run: QueuedRun): SearchAttributePair[] {
  return [...partAttributes(connectorId, run), { key: STATUS, value: 'running' }];
}

/** What a connector is found by. */
export function markConnector(connectorId: string): void {
  upsertSearchAttributes([{ key: CONNECTOR_ID, value: connectorId }]);
}

/** How a run ended, and how many people it failed for. */
export function markEnd(status: string, failed: number): void {
  upsertSearchAttributes([
    { key: STATUS, value: status },
    { key: FAILED, value: failed },
  ]);
}
