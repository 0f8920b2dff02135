import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The checkout. Files that are no TypeScript (the Java sources, the download scripts) are found from here, because this
 * module runs from embedded/ in tests and from dist/embedded/ otherwise.
 */
export function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error(`no package.json above ${__dirname}`);
    }
    folder = parent;
  }
  return folder;
}
