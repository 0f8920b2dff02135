import { z } from 'zod';

/**
 * The address of a service as settings hold it: http or https, no credentials, query or fragment; parsed without a slash at
 * its end. A path is kept (`https://example.com/auth`).
 */
export const baseUrlSchema = z.string().transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = problemOf(url);
  if (url !== null && problem === null) return url.href.replace(/\/+$/, '');
  context.addIssue({ code: 'custom', message: problem ?? 'is not an address' });
  return z.NEVER;
});

function problemOf(url: URL | null): string | null {
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return 'must be an address such as https://id.example.com';
  }
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or a fragment';
  return null;
}

/** Whether secrets may be sent to the address: https, this machine, or allowed in writing. */
export function maySendSecrets(baseUrl: string, allowHttp: boolean): boolean {
  if (allowHttp || baseUrl.startsWith('https:')) return true;
  const { hostname } = new URL(baseUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
