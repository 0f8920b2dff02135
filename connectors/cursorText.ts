import type { z } from 'zod';
import { ProviderError } from './errors';

/**
 * A cursor that is JSON. It stands in histories: it must hold no names of people.
 * @throws ProviderError cursorExpired for a text of another version, or none at all
 */
export function decodeCursor<T>(cursor: string, shape: z.ZodType<T>, service: string): T {
  const decoded = shape.safeParse(parsed(cursor));
  if (decoded.success) return decoded.data;
  throw new ProviderError('cursorExpired', `${service}: the place in the list is not known: read it from the start`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
