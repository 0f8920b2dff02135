import type { GroupsDecision, GroupsInput } from '../../domain/facts';
import { decideGroups } from '../../domain/groups';
import type { GroupLink, SourceGroup } from '../../domain/model';
import type { GroupSettings } from '../../domain/settings';
import { groupsWith } from './decision-settings';
import { COMPLETE } from './pure-sync';

export const group = (externalId: string, name: string): SourceGroup => ({ externalId, name, attributes: {} });
export const linkOf = (groupId: string, targetName: string, changes: Partial<GroupLink> = {}): GroupLink => ({
  connectorId: 'corp',
  groupId,
  targetName,
  sourceName: targetName,
  state: 'active',
  missingSince: null,
  ...changes,
});

export interface Given extends Partial<GroupSettings> {
  readonly source?: readonly SourceGroup[];
  readonly links?: readonly GroupLink[];
  readonly existing?: readonly string[];
  readonly proved?: readonly string[];
  readonly complete?: GroupsInput['complete'];
}

/** The decision about groups with some settings changed; every read is complete unless it says otherwise. */
export function decide({ source, links, existing, proved, complete, ...settings }: Given): GroupsDecision {
  return decideGroups({
    settings: groupsWith(settings),
    groups: source ?? [],
    links: links ?? [],
    existingNames: existing ?? [],
    complete: complete ?? COMPLETE,
    provedMissing: proved ?? [],
  });
}

/** `kind id>name` of each operation, `!` where a rule holds it. */
export function done(decision: GroupsDecision): string[] {
  return decision.operations.map(({ kind, heldByRule, externalId, after }) =>
    `${kind}${heldByRule ? '!' : ''} ${externalId ?? '-'}>${JSON.stringify(after?.['group'])}`.replaceAll('"', '')
  );
}
export const heldCode = (decision: GroupsDecision, key: string): string | undefined =>
  decision.byTargetKey[key]?.held?.code;
