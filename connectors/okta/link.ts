import { ProviderError } from '../errors';
import type { HttpAnswer } from '../http';

/** One entry of a Link header: `<address>; rel="next"`; addresses hold no angle brackets. */
const ENTRY = /<([^<>]*)>\s*((?:;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s;,"]+)\s*)*)/g;
const IS_NEXT = /;\s*rel\s*=\s*"?next"?/i;

/**
 * The query of the next page by the Link headers of an answer (RFC 8288), or null on the last one. It is sent as it came,
 * but always to the address that the settings name: a link can never lead the token elsewhere.
 * @throws ProviderError data when the link is no address
 */
export function nextQuery({ headers }: Pick<HttpAnswer, 'headers'>, list: string): string | null {
  for (const [, address = '', parameters = ''] of (headers['link'] ?? '').matchAll(ENTRY)) {
    if (!IS_NEXT.test(parameters)) continue;
    if (URL.canParse(address)) return new URL(address).search;
    throw new ProviderError('data', `${list}: the link to the next page is not an address`);
  }
  return null;
}
