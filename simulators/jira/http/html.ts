/** Pages that stand in front of Jira's own answers. Clients that parse every body as JSON stumble over them. */

export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
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

/** What a reverse proxy says when Jira does not answer it. */
export function proxyErrorPage(status: number): string {
  const title = status === 503 ? '503 Service Temporarily Unavailable' : `${status} Bad Gateway`;
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>proxy</center></body></html>`;
}
