import { badRequest, ScimError } from './error';
import { parseAttributePath, parseFilter } from './filter';
import type { AttributePath, Filter } from './filter';

/** The target of a PATCH operation (RFC 7644 3.5.2): an attribute, perhaps of the elements that a filter chooses. */
export interface PatchPath extends AttributePath {
  readonly filter: Filter | null;
}

const PATH_CHARACTERS = 4_096;
/** name, bracket with its filter, sub-attribute behind it. */
const VALUE_PATH = /^([^[\]"]+)\[(.*)\](?:\.([A-Za-z$][\w$-]*))?$/s;

/**
 * Parses a path: `name.familyName`, `emails[type eq "work"].value`, each with the URN of a schema in front where given.
 * @throws ScimError invalidPath
 */
export function parsePath(written: string): PatchPath {
  const text = written.trim();
  if (text.length > PATH_CHARACTERS) throw invalidPath();
  try {
    const filtered = VALUE_PATH.exec(text);
    if (filtered === null) return { ...parseAttributePath(text), filter: null };
    const [, name = '', filter = '', sub = null] = filtered;
    const path = parseAttributePath(name.trim());
    if (path.sub !== null) throw invalidPath();
    return { ...path, sub, filter: parseFilter(filter) };
  } catch (error) {
    if (error instanceof ScimError) throw invalidPath();
    throw error;
  }
}

const invalidPath = (): ScimError => badRequest('invalidPath', 'A path is not written as RFC 7644 3.5.2 has it.');
