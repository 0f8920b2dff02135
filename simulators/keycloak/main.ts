import { runSimulator } from '../support/cli';
import { readKeycloakOptions } from './commandLine';
import { startKeycloakSimulator } from './start';

void runSimulator(async () => startKeycloakSimulator(readKeycloakOptions(process.argv.slice(2))));
