import type { AttributeRecord, AttributeValue } from '../model';
import { subAttribute } from './attribute';
import type { ScimAttribute } from './attribute';
import { coerce, isHollow, isPrimary } from './coerce';
import { compileElementFilter } from './evaluate';
import type { Filter } from './filter';
import { isRecord, sameJson, withMember } from './json';

type Elements = readonly AttributeValue[];

/** What is to be done with the elements that a filter chooses; without one, with all of them. */
export interface ChosenChange {
  readonly op: 'add' | 'replace' | 'remove';
  readonly filter: Filter | null;
  /** The sub-attribute that is changed; null: the whole element. */
  readonly part: ScimAttribute | null;
  readonly value: AttributeValue | undefined;
}

/** Adds elements that are not there; one with the same value and type takes over what is new (RFC 7644 3.5.2.1). */
export function addValues(list: Elements, added: Elements): Elements {
  return added.reduce<Elements>((elements, element) => {
    const at = elements.findIndex((existing) => isSame(existing, element));
    if (at < 0) return onlyPrimary([...elements, element], elements.length);
    return onlyPrimary(
      elements.map((existing, index) => (index === at ? together(existing, element) : existing)),
      at
    );
  }, list);
}

const together = (existing: AttributeValue, element: AttributeValue): AttributeValue =>
  isRecord(existing) && isRecord(element) ? { ...existing, ...element } : element;

function isSame(a: AttributeValue, b: AttributeValue): boolean {
  if (!isRecord(a) || !isRecord(b) || a['value'] === undefined) return sameJson(a, b);
  return sameJson(a['value'], b['value']) && (b['type'] === undefined || sameJson(a['type'], b['type']));
}

/** A new primary element takes that from the others (RFC 7643 2.4). */
function onlyPrimary(elements: Elements, at: number): Elements {
  const chosen = elements[at];
  if (chosen === undefined || !isPrimary(chosen)) return elements;
  return elements.map((element, index) =>
    index !== at && isRecord(element) && isPrimary(element) ? { ...element, primary: false } : element
  );
}

/** Removes the elements with the given values; without values all of them (RFC 7644 3.5.2.2). */
export function removeValues(definition: ScimAttribute, list: Elements, value: AttributeValue | undefined): Elements {
  const given = value === undefined ? undefined : coerce(definition, value);
  if (given === undefined) return [];
  const gone = given as Elements;
  return list.filter((element) => !gone.some((each) => isSame(element, each)));
}

/**
 * Changes the elements that fulfil the filter. Where none does, `add` and `replace` make one of what the filter asks for:
 * clients expect that, though RFC 7644 3.5.2.3 would refuse it.
 * @throws ScimError invalidFilter, invalidValue
 */
export function changeChosen(definition: ScimAttribute, list: Elements, change: ChosenChange): Elements {
  const chosen = change.filter === null ? () => true : compileElementFilter(definition, change.filter);
  const isChosen = list.map((element) => isRecord(element) && chosen(element));
  if (!isChosen.includes(true)) {
    if (change.op === 'remove') return list;
    const made = changedElement(definition, change.filter === null ? {} : askedFor(definition, change.filter), change);
    return made === undefined ? list : onlyPrimary([...list, made], list.length);
  }
  const after: AttributeValue[] = [];
  let newPrimary = -1;
  for (const [at, element] of list.entries()) {
    const changed = isChosen[at] === true && isRecord(element) ? changedElement(definition, element, change) : element;
    if (changed === undefined) continue;
    if (isPrimary(changed) && !isPrimary(element)) newPrimary = after.length;
    after.push(changed);
  }
  return onlyPrimary(after, newPrimary);
}

function changedElement(
  definition: ScimAttribute,
  element: AttributeRecord,
  { op, part, value }: ChosenChange
): AttributeRecord | undefined {
  if (part !== null) {
    const set = op === 'remove' ? undefined : coerce(part, value, `${definition.name}.${part.name}`);
    const after = withMember(element, part.name, set);
    const isMade = op !== 'remove' && set !== undefined;
    return isHollow(definition, after) && !isMade ? undefined : after;
  }
  if (op === 'remove') return undefined;
  const given = coerce({ ...definition, multiValued: false }, value);
  if (given === undefined) return undefined;
  return isRecord(given) ? { ...element, ...given } : undefined;
}

/** What an element must have to fulfil a filter of equalities: `type eq "work" and primary eq true`. */
function askedFor(definition: ScimAttribute, filter: Filter): AttributeRecord {
  if (filter.op === 'and') return { ...askedFor(definition, filter.left), ...askedFor(definition, filter.right) };
  if (filter.op !== 'compare' || filter.by !== 'eq') return {};
  const part = subAttribute(definition, filter.path.name);
  const value = part && coerce(part, filter.value);
  return part === undefined || value === undefined ? {} : { [part.name]: value };
}
