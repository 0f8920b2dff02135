import { isValidFor } from './mapping/checks';
import { withoutValue, withWrongValue } from './mapping/policies';
import type { AttributeRule, MappingSettings } from './mapping-settings';
import type { SourceUser } from './model';
import type { Reason } from './operation';
import { textsAt } from './paths';
import { because } from './reasons';
import { applyTransforms } from './transforms';

/** Attributes of the target that a mapping makes; a property is named by its key. */
export type AttributeName = Exclude<keyof MappingSettings, 'properties'> | `properties.${string}`;

/** What the mapping makes of one attribute of one user. `standing` decides over the user as a whole. */
export type MappedAttribute =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'keep' }
  | { readonly kind: 'clear' }
  | MappedStanding;
export interface MappedStanding {
  readonly kind: 'standing';
  readonly standing: 'outOfScope' | 'excluded' | 'invalid';
  readonly reason: Reason;
}
/** The same for an attribute of which a user may have several values. */
export type MappedList = { readonly kind: 'values'; readonly texts: readonly string[] } | MappedAttribute;

/**
 * Maps one attribute: the first source path with a value, then the transforms, then the checks (rules 1.5, 3.2).
 * Of several values the first counts. A username cannot be kept or cleared, so those answers exclude the user.
 */
export function mapAttribute(name: AttributeName, rule: AttributeRule, user: SourceUser): MappedAttribute {
  const [text] = valuesOf(name, rule, user);
  if (text === undefined) return empty(name, rule);
  return isValidFor(name, text) ? { kind: 'value', text } : invalid(name, rule);
}

/** Maps an attribute of which every value counts: each once, in their order; one wrong value makes all wrong. */
export function mapList(name: AttributeName, rule: AttributeRule, user: SourceUser): MappedList {
  const texts = [...new Set(valuesOf(name, rule, user))];
  if (texts.length === 0) return empty(name, rule);
  return texts.every((text) => isValidFor(name, text)) ? { kind: 'values', texts } : invalid(name, rule);
}

function valuesOf(name: AttributeName, rule: AttributeRule, user: SourceUser): readonly string[] {
  return sourceTexts(rule, user)
    .map((found) => {
      const text = applyTransforms(found, rule.transforms).normalize('NFC');
      // Jira trims addresses and display names itself; a blank in a username is an error that must show.
      return name === 'username' ? text : text.trim();
    })
    .filter((text) => text.trim() !== '');
}

function sourceTexts(rule: AttributeRule, user: SourceUser): readonly string[] {
  if (rule.constant !== undefined) return [rule.constant];
  for (const path of [rule.source ?? '', ...rule.fallback]) {
    const texts = textsAt(user, path);
    if (texts.length > 0) return texts;
  }
  return [];
}

function empty(name: AttributeName, rule: AttributeRule): MappedAttribute {
  return withoutValue(name, rule.whenEmpty, because('attributeEmpty', '3.2', { attribute: name }));
}

function invalid(name: AttributeName, rule: AttributeRule): MappedAttribute {
  return withWrongValue(name, rule.whenInvalid, because('attributeInvalid', '1.5', { attribute: name }));
}
