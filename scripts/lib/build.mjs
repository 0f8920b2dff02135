import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fingerprint, readStamp, remove, sourceFiles, writeStamp } from './project.mjs';
import { runQuietly, secondsSince } from './run.mjs';

const STAMP = 'dist/.build-stamp';
const SETTINGS = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/bundle-workflows.mjs'];

/** Compiles the program and bundles its workflows into dist/, unless that was made from the same sources. */
export async function build() {
  const wanted = fingerprint([...sourceFiles(), ...SETTINGS]);
  if (readStamp(STAMP) === wanted && existsSync(join(ROOT, 'dist', 'workflow-bundle.js'))) {
    return true;
  }
  console.log('Building (about 20 s)');
  const began = Date.now();
  remove('dist'); // what a removed source has left there must not be run
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  const built =
    (await runQuietly('compiling', [process.execPath, compiler, '-p', 'tsconfig.build.json'])) === 0 &&
    (await runQuietly('bundling workflows', [process.execPath, join('scripts', 'bundle-workflows.mjs')])) === 0;
  if (built) {
    writeStamp(STAMP, wanted);
    console.log(`Built in ${secondsSince(began)}`);
  } else {
    console.error('The build failed; what it says is above.');
  }
  return built;
}
