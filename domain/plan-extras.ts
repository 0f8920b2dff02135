import { draftForUser } from './draft';
import type { PlanContext, UserFacts, WantedAccount } from './facts';
import { fingerprint } from './ids';
import type { AttributeRecord, Link } from './model';
import { nameKey } from './names';
import type { GateKind, Reason } from './operation';
import { because } from './reasons';
import { byText, own } from './records';
import { merge, NOTHING, operating, standing } from './user-plan';
import type { Part } from './user-plan';

export interface ExtrasInput {
  readonly facts: UserFacts;
  readonly ctx: PlanContext;
  /** Null for an account that is to be created: then nothing that the link remembers is there. */
  readonly targetKey: string | null;
  readonly wanted: WantedAccount;
  /** Gate kinds of the operation that all of it depends on. */
  readonly follows: readonly GateKind[];
}

/**
 * Properties, picture and organizations of somebody who is active and in scope. The target is not asked for what it has:
 * what was last written counts as there, so that nothing is written twice and nothing that others added is touched.
 */
export function planExtras(input: ExtrasInput): Part {
  return merge(planProperties(input), planPicture(input), planOrganizations(input));
}

/** Takes a leaver out of the organizations that Rollcall put him into, where the settings drop his groups. */
export function dropOrganizations(
  { facts, ctx, targetKey, follows }: Omit<ExtrasInput, 'wanted'>,
  reason: Reason
): Part {
  if (ctx.settings.mapping.organizations?.mode !== 'managed') return NOTHING;
  const names = [...(facts.link?.organizations ?? [])].sort(byText);
  return operating(...names.map((name) => removeOrganization({ facts, ctx, targetKey, follows }, name, reason)));
}

function planProperties({ facts, ctx, targetKey, wanted, follows }: ExtrasInput): Part {
  const { properties: rules = {} } = ctx.settings.mapping;
  const known = targetKey === null ? {} : (facts.link?.lastProperties ?? {});
  const changes = Object.keys(wanted.properties)
    .sort(byText)
    .filter((name) => {
      const value = own(wanted.properties, name) ?? null;
      const before = own(known, name) ?? null;
      return value !== before && (targetKey === null || own(rules, name)?.apply !== 'onCreate');
    });
  if (changes.length === 0) return NOTHING;
  if (isOff(ctx, targetKey)) return OFF;
  return operating(
    ...changes.map((property) =>
      draftForUser('setProperty', facts, {
        targetKey,
        before: { property, value: own(known, property) ?? null },
        after: { property, value: own(wanted.properties, property) ?? null },
        reasons: [because('changedAtSource', '3.2')],
        follows,
      })
    )
  );
}

function planPicture({ facts, ctx, targetKey, wanted, follows }: ExtrasInput): Part {
  if (wanted.avatar === 'keep' || wanted.avatar.set === null) return NOTHING;
  const before = targetKey === null ? null : (facts.link?.lastPicture ?? null);
  const picture = fingerprint(wanted.avatar.set);
  if (before === picture) return NOTHING;
  if (targetKey !== null && ctx.settings.mapping.avatar?.apply === 'onCreate') return NOTHING;
  if (isOff(ctx, targetKey)) return OFF;
  return operating(
    draftForUser('setAvatar', facts, {
      targetKey,
      before: { picture: before },
      // The picture itself stays in the snapshot: a plan of thousands of pictures would be read by nobody.
      after: { picture },
      reasons: [because('changedAtSource', '3.2')],
      follows,
    })
  );
}

function planOrganizations(input: ExtrasInput): Part {
  const { facts, ctx, targetKey, wanted } = input;
  const rule = ctx.settings.mapping.organizations;
  if (rule === undefined || wanted.organizations === 'keep') return NOTHING;
  const known = targetKey === null ? [] : (facts.link?.organizations ?? []);
  const knownKeys = new Set(known.map(nameKey));
  const wantedByKey = new Map([...wanted.organizations.set].sort(byText).map((name) => [nameKey(name), name]));
  if (targetKey !== null && rule.apply === 'onCreate') return NOTHING;
  const additions = [...wantedByKey].filter(([key]) => !knownKeys.has(key)).map(([, name]) => addition(input, name));
  const gone = rule.mode === 'managed' ? known.filter((name) => !wantedByKey.has(nameKey(name))).sort(byText) : [];
  const reason = because('withdrawnAtSource', '2.6');
  return merge(...additions, operating(...gone.map((name) => removeOrganization(input, name, reason))));
}

function addition({ facts, ctx, targetKey, follows }: ExtrasInput, name: string): Part {
  const found = own(ctx.organizations ?? {}, nameKey(name));
  if (found === 'several') return standing('held', because('organizationAmbiguous', '2.1', { organization: name }));
  if (found === undefined && ctx.settings.mapping.organizations?.create !== true) {
    return standing('skipped', because('organizationMissing', '2.1', { organization: name }));
  }
  return operating(
    draftForUser('addOrganization', facts, {
      targetKey,
      after: { organization: found?.name ?? name, id: found?.id ?? null },
      reasons: [because('assertedBySource', '2.6')],
      follows,
    })
  );
}

function removeOrganization(
  { facts, ctx, targetKey, follows }: Omit<ExtrasInput, 'wanted'>,
  name: string,
  reason: Reason
) {
  const found = own(ctx.organizations ?? {}, nameKey(name));
  const id = found === undefined || found === 'several' ? null : found.id;
  return draftForUser('removeOrganization', facts, {
    targetKey,
    before: { organization: name, id },
    reasons: [reason],
    gateKinds: ['removals'],
    follows,
  });
}

const OFF = standing('skipped', because('actionOff', '3.2', { action: 'update' }));
const isOff = ({ settings }: PlanContext, targetKey: string | null): boolean =>
  targetKey !== null && !settings.users.actions.update;

/** What a new account starts with: nothing of what was written to an earlier one. */
export const NOTHING_WRITTEN = {
  lastProperties: {} as AttributeRecord,
  lastPicture: null,
  organizations: [],
} satisfies Pick<Link, 'lastProperties' | 'lastPicture' | 'organizations'>;
