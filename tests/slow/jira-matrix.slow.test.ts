import { inLanes, leastReads, leastWrites, play, told, type Story } from '../targets/jira/story';

/** The lines of Jira that are supported: 8.5 and 10.x do not list all accounts, 8.5 to 8.13 have no tokens. */
const LINES = ['8.5', '8.13', '8.20', '9.4', '9.12', '10.0', '10.3', '10.5'] as const;
const PEOPLE = 200;

describe('the same story in every line of Jira', () => {
  let stories: readonly PromiseSettledResult<Story>[] = [];
  const storyOf = (line: (typeof LINES)[number]): Story => told(stories[LINES.indexOf(line)]);

  beforeAll(async () => {
    stories = await inLanes(LINES, (line) => play(line, PEOPLE));
    const table = stories.map((story, n) => {
      const line = LINES[n] ?? '';
      const least = leastReads(PEOPLE, !line.startsWith('10.'));
      return `${line}: ${told(story).reads} reads, at least ${least}`;
    });
    const heading = `${PEOPLE} people, four runs: ${leastWrites(PEOPLE)} writes, as few as possible`;
    process.stdout.write(`${heading}\n${table.join('\n')}\n`);
  }, 300_000);

  it.each(LINES)('Jira %s: create, update, rename, move, deactivate, reactivate, with no write too many', (line) => {
    const { writes, last, effects } = storyOf(line);
    expect(writes).toBe(leastWrites(PEOPLE));
    expect(effects).toEqual(storyOf('9.12').effects);
    expect(last.counts).toMatchObject({ unchanged: PEOPLE });
  });

  it('ends in the same state everywhere', () => {
    const reference = storyOf('9.12').end;
    expect(reference.filter((account) => account.groups.includes('all'))).toHaveLength(PEOPLE);
    for (const line of LINES) expect({ line, end: storyOf(line).end }).toEqual({ line, end: reference });
  });
});
