import { API_PREFIX } from './openapi';
import type { Endpoint } from './route';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

export const DOCS_STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2rem; border-bottom: 1px solid; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
th { font-weight: 600; }
tr + tr { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
`;

function row({ method, path, summary, role }: Endpoint): string {
  const operation = `<code>${method.toUpperCase()} ${escapeHtml(API_PREFIX + path)}</code>`;
  return `<tr><td>${operation}</td><td>${escapeHtml(summary)}</td><td>${role}</td></tr>`;
}

function section(tag: string, endpoints: readonly Endpoint[]): string {
  const rows = endpoints.filter((endpoint) => endpoint.tag === tag).map(row);
  const head =
    '<thead><tr><th scope="col">Operation</th><th scope="col">What it does</th><th scope="col">Role</th></tr></thead>';
  return `<section><h2>${escapeHtml(tag)}</h2><table>${head}<tbody>${rows.join('')}</tbody></table></section>`;
}

/** A page that lists the operations; self-contained but for its style sheet, /docs/style.css. */
export function renderDocs(endpoints: readonly Endpoint[]): string {
  const tags = [...new Set(endpoints.map(({ tag }) => tag))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollcall API</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<main>
<h1>Rollcall API</h1>
<p>Send <code>Authorization: Bearer &lt;token&gt;</code> and JSON. Schemas of all bodies and answers:
<a href="/openapi.json">/openapi.json</a>. Refusals are <code>application/problem+json</code> with every wrong field.</p>
${tags.map((tag) => section(tag, endpoints)).join('\n')}
</main>
</body>
</html>
`;
}
