import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** A server that is told to stop has so long before it is killed. */
const GRACE_SECONDS = 15;

/**
 * Waits for the end of its standard input, which comes when the process that holds the other end dies of anything, then
 * stops the process group $1. The shell needs a megabyte; a second Node would need forty.
 */
const SCRIPT = `
read -r _
kill -s TERM -- "-$1" 2>/dev/null || exit 0
waited=0
while kill -s 0 -- "-$1" 2>/dev/null && [ "$waited" -lt "$2" ]; do
  sleep 1
  waited=$((waited + 1))
done
kill -s KILL -- "-$1" 2>/dev/null
`;

/**
 * Stops a process group when we die without having stopped it, kill -9 included.
 * Call the returned function when the group has ended, so that a later owner of its number is left alone.
 */
export function guardGroup(leader: number): () => void {
  const guard: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'guard', String(leader), String(GRACE_SECONDS)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  guard.on('error', () => {
    // without a shell there is no guard: the servers are still stopped by an orderly stop
  });
  return () => {
    guard.kill('SIGKILL');
  };
}
