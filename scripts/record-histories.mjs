/**
 * Records the histories of tests/histories anew, with the workflows of this checkout; tests/histories/README.md says when.
 *
 * Usage: node scripts/record-histories.mjs
 */
import { join } from 'node:path';
import { runVisibly } from './lib/run.mjs';

const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const suite = join('tests', 'workflows', 'replay.server.test.ts');
const command = [process.execPath, jest, '--selectProjects', 'server', '--runTestsByPath', suite];
process.exitCode = await runVisibly(command, { RECORD_HISTORIES: '1' });
