import { runSimulator } from '../support/cli';
import { readEntraOptions } from './commandLine';
import { startEntraSimulator } from './start';

void runSimulator(async () => startEntraSimulator(readEntraOptions(process.argv.slice(2))));
