import type { MappingSettings } from '../mapping-settings';
import type { DecisionSettings } from '../settings';
import { compileExpression } from './evaluate';

type Preparing = Pick<DecisionSettings, 'mapping' | 'scope' | 'groups'>;

/**
 * Paths of the source attributes that a configuration reads of people, each once: for providers that deliver no more than
 * they are asked for. What an expression makes up (`user[name]`) is not among them.
 */
export function attributesRead(settings: Pick<Preparing, 'mapping'> & Partial<Preparing>): readonly string[] {
  const own = rulesOf(settings.mapping).flatMap(({ source, fallback, transforms }) => [
    ...(source === undefined ? [] : [source]),
    ...fallback,
    ...transforms.flatMap((transform) => (transform.type === 'fallback' ? [transform.source] : [])),
  ]);
  const named = expressionsOf(settings).flatMap((source) => [...compileExpression(source, 'user').paths]);
  return [...new Set([...own, ...named])];
}

/** Every expression about a user that a configuration has for mapping, scope and groups. */
function expressionsOf({ mapping, scope, groups }: Pick<Preparing, 'mapping'> & Partial<Preparing>): string[] {
  const rules = rulesOf(mapping).flatMap((rule) => rule.expression ?? []);
  const conditions = [scope?.where ?? '', ...(groups?.alwaysAdd ?? []).map(({ when = '' }) => when)];
  return [...rules, ...conditions.filter((condition) => condition !== '')];
}

function rulesOf({ properties = {}, ...rules }: MappingSettings) {
  return [...Object.values(rules), ...Object.values(properties)];
}

/** Whether mapping, scope or a condition looks at what the target has now, or at the link: these cost look-ups. */
export function looksAtAccounts(settings: Preparing): boolean {
  return expressionsOf(settings).some((source) => looksAt(source, 'existing') || looksAt(source, 'link'));
}

/** Whether an expression looks at the groups a person is in, of which some may not be synced. */
export function looksAtGroups(settings: Preparing): boolean {
  return expressionsOf(settings).some((source) => looksAt(source, 'groups'));
}

function looksAt(source: string, variable: string): boolean {
  return compileExpression(source, 'user').uses.has(variable);
}

type Scope = DecisionSettings['scope'];

/** Whether the scope depends on what groups a person is in: then only a read of all groups proves that somebody left. */
export function scopeLooksAtGroups(scope: Scope): boolean {
  return scope.requiredGroups.length > 0 || groupsMayExclude(scope);
}

/** Whether being in some group can keep a person out who would take part without it. */
export function groupsMayExclude({ excludeGroups, where = '' }: Scope): boolean {
  return excludeGroups.length > 0 || (where !== '' && looksAt(where, 'groups'));
}
