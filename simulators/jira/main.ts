import { runSimulator } from '../support/cli';
import { readJiraOptions } from './commandLine';
import { startJiraSimulator } from './start';

void runSimulator(async () => startJiraSimulator(readJiraOptions(process.argv.slice(2))));
