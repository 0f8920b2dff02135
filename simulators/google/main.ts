import { runSimulator } from '../support/cli';
import { readGoogleOptions } from './commandLine';
import { startGoogleSimulator } from './start';

void runSimulator(async () => startGoogleSimulator(readGoogleOptions(process.argv.slice(2))));
