/** One step of a mapping; docs/mapping.md says what each does. Positions count from 0, negative ones from the end. */
export type Transform =
  | { readonly type: PlainTransform }
  | { readonly type: 'prefix' | 'suffix'; readonly value: string }
  /** The same text for everybody who has no value at this point. */
  | { readonly type: 'default'; readonly value: string }
  /** Every match is replaced; `$1` stands for a group. */
  | { readonly type: 'regexReplace'; readonly pattern: string; readonly replacement: string }
  /** What the group holds at the first match; without `group` the first one, or all where the pattern has none. */
  | { readonly type: 'regexExtract'; readonly pattern: string; readonly group?: number }
  | { readonly type: 'split' | 'join'; readonly separator: string }
  | { readonly type: 'pick'; readonly index: number }
  | { readonly type: 'substring'; readonly start: number; readonly length?: number }
  /** Another attribute, where there is no value at this point. */
  | { readonly type: 'fallback'; readonly source: string }
  /** Compared as names are; `otherwise` is for what the table does not have. */
  | { readonly type: 'table'; readonly table: Readonly<Record<string, string>>; readonly otherwise?: string }
  /** Formats of domain/dates.ts. */
  | { readonly type: 'date'; readonly from: string; readonly to: string }
  | { readonly type: 'boolean'; readonly true: readonly string[]; readonly false: readonly string[] };

/** Steps without settings. */
export const PLAIN_TRANSFORMS = [
  'trim',
  'lowercase',
  'uppercase',
  'stripDomain',
  'guestUpn',
  'transliterate',
  'first',
] as const;
export type PlainTransform = (typeof PLAIN_TRANSFORMS)[number];

export type WhenEmpty = 'keepExisting' | 'clear' | 'excludeUser' | 'outOfScope';
export type WhenNoMatch = 'keepUntransformed' | WhenEmpty;
export type WhenInvalid = 'holdUser' | 'keepExisting' | 'excludeUser';

/** How one attribute of the target is made (rules 7). */
export interface AttributeRule {
  /** Path into the source attributes, dots for nesting; `active` and `externalId` are also paths. */
  readonly source?: string;
  /** In CEL, instead of `source` (domain/expression). */
  readonly expression?: string;
  /** The same text for everybody, instead of `source`. */
  readonly constant?: string;
  readonly fallback: readonly string[];
  readonly transforms: readonly Transform[];
  readonly whenEmpty: WhenEmpty;
  /** Absent: `excludeUser` for the username, `keepUntransformed` for everything else. */
  readonly whenNoMatch?: WhenNoMatch;
  readonly whenInvalid: WhenInvalid;
  readonly apply: 'always' | 'onCreate';
  readonly case: 'ignore' | 'exact';
}

/** Organizations of Jira Service Management: every value of the attribute is the name of one. */
export interface OrganizationRule extends AttributeRule {
  /** Whether an organization that does not exist is created. */
  readonly create: boolean;
  /** `managed`: what Rollcall added goes when the value does · `additive`: nothing is taken away. */
  readonly mode: 'managed' | 'additive';
}

export interface MappingSettings {
  readonly username: AttributeRule;
  readonly email: AttributeRule;
  readonly displayName: AttributeRule;
  /** Absent: what the provider says. Its values are the texts `true` and `false`. */
  readonly active?: AttributeRule;
  /** Properties of the Jira user by key. */
  readonly properties?: Readonly<Record<string, AttributeRule>>;
  readonly avatar?: AttributeRule;
  readonly organizations?: OrganizationRule;
}
