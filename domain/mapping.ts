import { isEmailAddress } from './email-address';
import type { SourceUser } from './model';
import type { Reason } from './operation';
import { textAt } from './paths';
import { because } from './reasons';
import type { AttributeRule, MappingSettings, WhenEmpty, WhenInvalid } from './settings';
import { applyTransforms } from './transforms';
import { isUsername, isWritableName } from './username';

export type AttributeName = keyof MappingSettings;

/** What the mapping makes of one attribute of one user. `standing` decides over the user as a whole. */
export type MappedAttribute =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'keep' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'standing'; readonly standing: 'outOfScope' | 'excluded' | 'invalid'; readonly reason: Reason };

/**
 * Maps one attribute: the first source path with a value, then the transforms, then the checks (rules 1.5, 3.2).
 * A username cannot be kept or cleared, so those answers exclude the user.
 */
export function mapAttribute(name: AttributeName, rule: AttributeRule, user: SourceUser): MappedAttribute {
  const text = sourceText(name, rule, user);
  if (text === null) return whenEmpty(name, rule.whenEmpty);
  return isValid(name, text) ? { kind: 'value', text } : whenInvalid(name, rule.whenInvalid);
}

function sourceText(name: AttributeName, rule: AttributeRule, user: SourceUser): string | null {
  for (const path of [rule.source, ...rule.fallback]) {
    const found = textAt(user, path);
    if (found === null) continue;
    const text = applyTransforms(found, rule.transforms).normalize('NFC');
    // Jira trims addresses and display names itself; a blank in a username is an error that must show.
    const kept = name === 'username' ? text : text.trim();
    return kept.trim() === '' ? null : kept;
  }
  return null;
}

function isValid(name: AttributeName, text: string): boolean {
  switch (name) {
    case 'username':
      return isUsername(text);
    case 'email':
      return isEmailAddress(text);
    case 'displayName':
      return isWritableName(text);
  }
}

function whenEmpty(name: AttributeName, action: WhenEmpty): MappedAttribute {
  const reason = because('attributeEmpty', '3.2', { attribute: name });
  switch (action) {
    case 'outOfScope':
      return { kind: 'standing', standing: 'outOfScope', reason };
    case 'excludeUser':
      return { kind: 'standing', standing: 'excluded', reason };
    case 'keepExisting':
    case 'clear':
      if (name === 'username') return { kind: 'standing', standing: 'excluded', reason };
      return { kind: action === 'clear' ? 'clear' : 'keep' };
  }
}

function whenInvalid(name: AttributeName, action: WhenInvalid): MappedAttribute {
  const reason = because('attributeInvalid', '1.5', { attribute: name });
  switch (action) {
    case 'holdUser':
      return { kind: 'standing', standing: 'invalid', reason };
    case 'excludeUser':
      return { kind: 'standing', standing: 'excluded', reason };
    case 'keepExisting':
      if (name === 'username') return { kind: 'standing', standing: 'excluded', reason };
      return { kind: 'keep' };
  }
}
