import { setTimeout as sleep } from 'node:timers/promises';
import { SEARCH_ATTRIBUTES, missingSearchAttributes, registerCommands } from '../domain/search-attributes';

/** The part of Temporal's operator service that this needs. */
export interface SearchAttributeService {
  listSearchAttributes(request: { namespace: string }): Promise<{ customAttributes?: Record<string, unknown> | null }>;
  addSearchAttributes(request: { namespace: string; searchAttributes: Record<string, number> }): Promise<unknown>;
}

/** Numbers of Temporal's IndexedValueType. */
const TYPE_NUMBERS = { Keyword: 2, Int: 3 } as const;
const POLL_MS = 200;
const POLLS = 50;

/** The search attributes are missing and could not be registered; the message has the command to run. */
export class SearchAttributeError extends Error {
  override readonly name = 'SearchAttributeError';
}

/**
 * Registers what the namespace lacks, and waits until it is there. A worker must not start without: a workflow that sets
 * an unknown attribute fails for ever (durability 5.4).
 * @throws SearchAttributeError with the command for an operator, where the server refuses
 */
export async function ensureSearchAttributes(service: SearchAttributeService, namespace: string): Promise<void> {
  const missing = async () => {
    const { customAttributes } = await service.listSearchAttributes({ namespace });
    return missingSearchAttributes(Object.keys(customAttributes ?? {}));
  };
  const lacking = await missing();
  if (lacking.length === 0) return;
  const refusal = (options?: ErrorOptions): SearchAttributeError =>
    new SearchAttributeError(
      `the Temporal namespace lacks search attributes; run once: ${registerCommands(lacking, namespace)}`,
      options
    );
  const searchAttributes = Object.fromEntries(lacking.map((name) => [name, TYPE_NUMBERS[SEARCH_ATTRIBUTES[name]]]));
  await service.addSearchAttributes({ namespace, searchAttributes }).catch((error: unknown) => {
    throw refusal({ cause: error });
  });
  for (let poll = 0; (await missing()).length > 0; poll += 1) {
    if (poll === POLLS) throw refusal();
    await sleep(POLL_MS);
  }
}
