import { runSimulator } from '../support/cli';
import { readOktaOptions } from './commandLine';
import { startOktaSimulator } from './start';

void runSimulator(async () => startOktaSimulator(readOktaOptions(process.argv.slice(2))));
