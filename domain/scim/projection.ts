import type { AttributeRecord, AttributeValue } from '../model';
import { attributeNamed } from './attribute';
import { ScimError, invalidValue } from './error';
import { parseAttributePath } from './filter';
import { isList, isRecord } from './json';
import { extensionNamed, findAttribute } from './kinds';
import type { ScimKind } from './kinds';
import { COMMON_ATTRIBUTES } from './schemas';

/** Which attributes an answer shows (RFC 7644 3.4.2.5). */
export interface Projection {
  /** Whether an attribute is shown at all, so that what is not need not be read. */
  shows(name: string): boolean;
  /** Everything is shown. */
  readonly isWhole: boolean;
  apply(resource: AttributeRecord): AttributeRecord;
}

/** Names as the query or a search request has them: a list, or one text with commas. */
export interface ProjectionRequest {
  readonly attributes: unknown;
  readonly excludedAttributes: unknown;
}

/** The whole of an attribute, or some of its sub-attributes. */
type Parts = true | ReadonlySet<string>;
/** By home (empty for the core, else the URN of an extension) and attribute. */
type Selection = ReadonlyMap<string, ReadonlyMap<string, Parts>>;

const CORE = '';
const EVERYTHING: Projection = { shows: () => true, isWhole: true, apply: (resource) => resource };
const ALWAYS: ReadonlySet<string> = new Set(
  COMMON_ATTRIBUTES.filter(({ returned }) => returned === 'always').map(({ name }) => name)
);

/** @throws ScimError invalidValue when both lists are given, or one is no list of names */
export function projectionOf(kind: ScimKind, { attributes, excludedAttributes }: ProjectionRequest): Projection {
  const [shown, hidden] = [namesOf(attributes), namesOf(excludedAttributes)];
  if (shown.length > 0 && hidden.length > 0) {
    throw invalidValue('attributes and excludedAttributes exclude each other.');
  }
  if (shown.length > 0) return only(selectionOf(kind, shown));
  return hidden.length > 0 ? without(selectionOf(kind, hidden)) : EVERYTHING;
}

function namesOf(given: unknown): readonly string[] {
  if (given === undefined || given === null) return [];
  const texts: readonly unknown[] = Array.isArray(given) ? given : [given];
  return texts.flatMap((text) => {
    if (typeof text !== 'string') throw invalidValue('Attributes to show are named by texts.');
    return text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  });
}

function selectionOf(kind: ScimKind, names: readonly string[]): Selection {
  const selection = new Map<string, Map<string, Parts>>();
  const select = (home: string, name: string, sub: string | null): void => {
    const attributes = selection.get(home) ?? new Map<string, Parts>();
    const before = attributes.get(name);
    const isWhole = sub === null || before === true;
    attributes.set(name, isWhole ? true : new Set([...(before ?? []), sub]));
    selection.set(home, attributes);
  };
  for (const written of names) {
    const extension = extensionNamed(kind, written);
    for (const { name } of extension?.attributes ?? []) select(extension?.id ?? CORE, name, null);
    const found = extension === undefined ? attributeOf(kind, written) : null;
    if (found !== null) select(found.home, found.name, found.sub);
  }
  return selection;
}

/** An attribute that the kind does not have shows nothing and hides nothing. */
function attributeOf(kind: ScimKind, written: string) {
  try {
    const path = parseAttributePath(written);
    const found = findAttribute(kind, path.schema, path.name);
    if (found === undefined) return null;
    const part = path.sub === null ? null : attributeNamed(found.definition.subAttributes ?? [], path.sub);
    if (part === undefined) return null;
    return { home: found.schema ?? CORE, name: found.definition.name, sub: part?.name ?? null };
  } catch (error) {
    if (error instanceof ScimError) return null;
    throw error;
  }
}

function only(selection: Selection): Projection {
  const core = selection.get(CORE);
  const apply = (resource: AttributeRecord): AttributeRecord => {
    const shown = Object.entries(resource).flatMap(([name, value]): [string, AttributeValue][] => {
      if (ALWAYS.has(name)) return [[name, value]];
      const home = selection.get(name);
      if (home !== undefined && isRecord(value)) {
        const parts = picked(value, home);
        return Object.keys(parts).length === 0 ? [] : [[name, parts]];
      }
      const parts = core?.get(name);
      return parts === undefined ? [] : [[name, partsOf(value, parts)]];
    });
    return Object.fromEntries(shown);
  };
  const shows = (name: string): boolean => ALWAYS.has(name) || core?.has(name) === true || selection.has(name);
  return { shows, isWhole: false, apply };
}

const picked = (home: AttributeRecord, parts: ReadonlyMap<string, Parts>): AttributeRecord =>
  Object.fromEntries(
    Object.entries(home).flatMap(([name, value]) => {
      const wanted = parts.get(name);
      return wanted === undefined ? [] : [[name, partsOf(value, wanted)] as const];
    })
  );

function partsOf(value: AttributeValue, parts: Parts): AttributeValue {
  if (parts === true) return value;
  return changed(value, (record) => Object.entries(record).filter(([name]) => parts.has(name)));
}

function without(selection: Selection): Projection {
  const core = selection.get(CORE) ?? new Map<string, Parts>();
  const apply = (resource: AttributeRecord): AttributeRecord =>
    Object.fromEntries(
      Object.entries(hide(resource, core)).flatMap(([name, value]): [string, AttributeValue][] => {
        const hidden = selection.get(name);
        if (hidden === undefined || !isRecord(value)) return [[name, value]];
        const left = hide(value, hidden);
        return Object.keys(left).length === 0 ? [] : [[name, left]];
      })
    );
  return { shows: (name) => ALWAYS.has(name) || core.get(name) !== true, isWhole: false, apply };
}

function hide(home: AttributeRecord, hidden: ReadonlyMap<string, Parts>): AttributeRecord {
  return Object.fromEntries(
    Object.entries(home).flatMap(([name, value]): [string, AttributeValue][] => {
      const parts = ALWAYS.has(name) ? undefined : hidden.get(name);
      if (parts === undefined) return [[name, value]];
      if (parts === true) return [];
      return [[name, changed(value, (record) => Object.entries(record).filter(([part]) => !parts.has(part)))]];
    })
  );
}

function changed(value: AttributeValue, keep: (record: AttributeRecord) => [string, AttributeValue][]): AttributeValue {
  if (isList(value)) return value.map((element) => changed(element, keep));
  return isRecord(value) ? Object.fromEntries(keep(value)) : value;
}
