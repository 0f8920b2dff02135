/** Run by npm after an install: notes the lockfile of node_modules, so that start and test need not install again. */
import { stampInstallation } from './lib/install.mjs';

stampInstallation();
