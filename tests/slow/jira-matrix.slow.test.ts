import { inLanes, leastReads, leastWrites, play, type Story } from '../targets/jira/story';

/** The lines of Jira that are supported: 8.5 and 10.x do not list all accounts, 8.5 to 8.13 have no tokens. */
const LINES = ['8.5', '8.13', '8.20', '9.4', '9.12', '10.0', '10.3', '10.5'] as const;
const PEOPLE = 60;

describe('the same story in every line of Jira', () => {
  const stories = new Map<string, Story>();

  beforeAll(async () => {
    await inLanes(LINES, async (line) => {
      stories.set(line, await play(line, PEOPLE));
    });
    const table = LINES.map((line) => {
      const least = leastReads(PEOPLE, !line.startsWith('10.'));
      return `${line}: ${stories.get(line)?.reads} reads, at least ${least}`;
    });
    const heading = `${PEOPLE} people, four runs: ${leastWrites(PEOPLE)} writes, as few as possible`;
    process.stdout.write(`${heading}\n${table.join('\n')}\n`);
  }, 300_000);

  it.each(LINES)('Jira %s: create, update, rename, move, deactivate, reactivate, with no write too many', (line) => {
    expect(stories.get(line)?.writes).toBe(leastWrites(PEOPLE));
    expect(stories.get(line)?.last.counts).toMatchObject({ unchanged: PEOPLE });
  });

  it('ends in the same state everywhere', () => {
    const reference = stories.get('9.12')?.end ?? [];
    expect(reference.filter((account) => account.groups.includes('all'))).toHaveLength(PEOPLE);
    for (const line of LINES) expect({ line, end: stories.get(line)?.end }).toEqual({ line, end: reference });
  });
});
