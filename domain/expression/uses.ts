import type { MappingSettings } from '../mapping-settings';
import type { DecisionSettings } from '../settings';
import { compileExpression } from './evaluate';

/** Every expression about a user that a configuration has for mapping, scope and groups. */
function expressionsOf({ mapping, scope, groups }: Pick<DecisionSettings, 'mapping' | 'scope' | 'groups'>): string[] {
  const rules = rulesOf(mapping).flatMap((rule) => rule.expression ?? []);
  const conditions = [scope.where ?? '', ...groups.alwaysAdd.map(({ when = '' }) => when)];
  return [...rules, ...conditions.filter((condition) => condition !== '')];
}

function rulesOf({ properties = {}, ...rules }: MappingSettings) {
  return [...Object.values(rules), ...Object.values(properties)];
}

/** Whether mapping, scope or a condition looks at what the target has now, or at the link: these cost look-ups. */
export function looksAtAccounts(settings: Pick<DecisionSettings, 'mapping' | 'scope' | 'groups'>): boolean {
  const used = expressionsOf(settings).map((source) => compileExpression(source, 'user').uses);
  return used.some((uses) => uses.has('existing') || uses.has('link'));
}

type Scope = DecisionSettings['scope'];

/** Whether the scope depends on what groups a person is in: then only a read of all groups proves that somebody left. */
export function scopeLooksAtGroups(scope: Scope): boolean {
  return scope.requiredGroups.length > 0 || groupsMayExclude(scope);
}

/** Whether being in some group can keep a person out who would take part without it. */
export function groupsMayExclude({ excludeGroups, where = '' }: Scope): boolean {
  return excludeGroups.length > 0 || (where !== '' && compileExpression(where, 'user').uses.has('groups'));
}
