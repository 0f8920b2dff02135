/** One thing that is wrong in a configuration. `path` is as one would write it: `connectors[0].schedule.cron`; '' is the whole. */
export interface ConfigurationIssue {
  readonly path: string;
  readonly message: string;
  /** Line of the file, where the configuration came from one. */
  readonly line?: number;
}

/** A configuration that is refused, with everything that is wrong in it. Holds no value of a secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(
    readonly issues: readonly ConfigurationIssue[],
    options?: ErrorOptions
  ) {
    super(issues.map(issueLine).join('\n'), options);
  }
}

function issueLine(issue: ConfigurationIssue): string {
  const place = issue.line === undefined ? '' : `line ${issue.line}: `;
  return issue.path === '' ? `${place}${issue.message}` : `${place}${issue.path}: ${issue.message}`;
}

/** Writes a path of keys and indexes as a person would: `['a', 0, 'b c']` -> `a[0]["b c"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
