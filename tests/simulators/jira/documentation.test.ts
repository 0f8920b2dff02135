import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JIRA_OPTIONS } from '../../../simulators/jira/commandLine';
import { EFFECT_KINDS } from '../../../simulators/jira/effects';
import { FAULT_KINDS } from '../../../simulators/jira/http/faultKinds';
import { findJiraVersion, JIRA_LINES } from '../../../simulators/jira/versions';

const documentation = readFileSync(join(__dirname, '../../../docs/simulators.md'), 'utf8');
const [, jira = ''] = documentation.split('\n## Jira\n');

describe('docs/simulators.md', () => {
  it.each(JIRA_OPTIONS)('explains --%s', (option) => {
    expect(jira).toMatch(new RegExp(`^\\| \`--${option}[ \`]`, 'm'));
  });

  it.each(FAULT_KINDS)('explains the fault %s', (kind) => {
    expect(jira).toMatch(new RegExp(`^\\| \`${kind}\` `, 'm'));
  });

  it.each(EFFECT_KINDS)('names the effect %s', (kind) => {
    expect(jira).toContain(`\`${kind}\``);
  });

  it('has a column for each version, which says what its profile says', () => {
    const rows = jira.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const row = (start: string) => rows.find(([, first]) => first?.startsWith(start) === true)?.slice(2, -1);
    const profiles = JIRA_LINES.map((line) => findJiraVersion(line)!);
    const yes = (value: boolean) => (value ? 'yes' : 'no');
    expect(row('What differs')).toEqual(JIRA_LINES);
    expect(row('user/search')).toEqual(
      profiles.map(({ searchTotalCap }) => searchTotalCap?.toLocaleString('en') ?? 'all')
    );
    expect(row('rate limit')).toEqual(profiles.map(({ rateLimiting }) => yes(rateLimiting)));
    expect(row('anonymization')).toEqual(profiles.map(({ anonymization }) => yes(anonymization !== 'absent')));
    expect(row('anonymization')).toEqual(profiles.map(({ deletedFlag }) => yes(deletedFlag)));
    expect(row('personal')).toEqual(profiles.map(({ personalAccessTokens }) => yes(personalAccessTokens)));
    expect(row('user/duplicated')).toEqual(profiles.map(({ duplicatedUsers }) => yes(duplicatedUsers)));
    expect(row('GET /group')).toEqual(profiles.map(({ deprecatedGroup }) => yes(deprecatedGroup)));
    expect(row('lastLoginTime')).toEqual(profiles.map(({ lastLoginTime }) => yes(lastLoginTime)));
    const lists = JIRA_LINES.map((line, at) =>
      findJiraVersion(`${line}.24`)!.userList ? `from ${line}.24` : yes(profiles[at]!.userList)
    );
    expect(row('user/list')).toEqual(lists);
  });
});
