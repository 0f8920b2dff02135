/** One step of a mapping; docs/mapping.md says what each does. */
export type Transform =
  | { readonly type: 'trim' | 'lowercase' | 'stripDomain' }
  | { readonly type: 'prefix' | 'suffix'; readonly value: string };

export type WhenEmpty = 'keepExisting' | 'clear' | 'excludeUser' | 'outOfScope';
export type WhenInvalid = 'holdUser' | 'keepExisting' | 'excludeUser';

/** How one attribute of the target is made (rules 7). */
export interface AttributeRule {
  /** Path into the source attributes, dots for nesting; `active` and `externalId` are also paths. */
  readonly source?: string;
  /** The same text for everybody, instead of `source`. */
  readonly constant?: string;
  readonly fallback: readonly string[];
  readonly transforms: readonly Transform[];
  readonly whenEmpty: WhenEmpty;
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
