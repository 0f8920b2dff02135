import type { IncomingHttpHeaders } from 'node:http';

const BROWSER = /mozilla|chrome|safari|opera|msie|edge/i;
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * Whether a write is refused as forged. A browser without an own-site Origin or Referer, or any foreign one, is refused
 * whatever token it sends; a form needs `X-Atlassian-Token: no-check`; JSON of other clients passes.
 */
export function looksForged(method: string, headers: IncomingHttpHeaders): boolean {
  if (method === 'GET') return false;
  const sites = [headers.origin, headers.referer].filter((site) => site !== undefined);
  if (sites.some((site) => hostOf(site) !== headers.host)) return true;
  if (sites.length === 0 && BROWSER.test(headers['user-agent'] ?? '')) return true;
  return FORM.test(headers['content-type'] ?? '') && headers['x-atlassian-token'] !== 'no-check';
}

function hostOf(site: string): string | undefined {
  return URL.canParse(site) ? new URL(site).host : undefined;
}
