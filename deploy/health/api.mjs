/**
 * Health of a container that runs the API: it answers. It does not ask whether Temporal and the store answer (GET /readyz
 * does): to restart or take away the API would not bring them back, and reading goes on without Temporal.
 */
const port = process.env.PORT ?? '8080';
const TIMEOUT_MS = 5_000;

const reason = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
  (response) => (response.ok ? null : `HTTP ${response.status}`),
  (error) => error.message
);
if (reason !== null) process.stderr.write(`the API does not answer on port ${port}: ${reason}\n`);
process.exit(reason === null ? 0 : 1);
