/** Pages that stand in front of Jira's own answers. Clients that parse every body as JSON stumble over them. */

export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The text as HTML with the part that was asked for, in lower case, in bold. */
export function highlight(name: string, query: string): string {
  const at = query === '' ? -1 : name.toLowerCase().indexOf(query);
  if (at < 0) return escapeHtml(name);
  const end = at + query.length;
  return `${escapeHtml(name.slice(0, at))}<b>${escapeHtml(name.slice(at, end))}</b>${escapeHtml(name.slice(end))}`;
}

/** Tomcat's page for a request over the limit. */
export const RATE_LIMIT_PAGE = [
  '<!doctype html><html lang="en"><head><title>HTTP Status 429 – Too Many Requests</title></head><body>',
  '<h1>HTTP Status 429 – Too Many Requests</h1><hr class="line" /><p><b>Type</b> Status Report</p>',
  '<p><b>Message</b> Rate limit exceeded.</p>',
  '<p><b>Description</b> The user has sent too many requests in a given amount of time (&quot;rate limiting&quot;).</p>',
  '<hr class="line" /></body></html>',
].join('');

export function authenticationFailurePage(reason: string): string {
  return [
    '<html><head><title>Unauthorized (401)</title></head><body>',
    '<h1>Unauthorized (401)</h1>',
    `<p>Encountered a "401 - Unauthorized" error. Basic Authentication Failure - Reason : ${reason}</p>`,
    '</body></html>',
  ].join('');
}

/** What a caller from an address that is not listed sees. */
export function forbiddenPage(): string {
  return '<html><head><title>Forbidden (403)</title></head><body><h1>Forbidden (403)</h1></body></html>';
}

/** What a reverse proxy says when Jira does not answer it. */
export function proxyErrorPage(status: number): string {
  const title = status === 503 ? '503 Service Temporarily Unavailable' : `${status} Bad Gateway`;
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>proxy</center></body></html>`;
}
