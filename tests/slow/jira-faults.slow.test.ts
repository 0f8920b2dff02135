import { inLanes, play, told, type Story, type StoryFault } from '../targets/jira/story';

const SHORT = { delayMs: 50, jitterMs: 100 };

/** What may go wrong on the way to Jira and back, each with a line that lists all accounts or one that does not. */
const CASES = [
  ['9.12', [{ kind: 'http500-before' }]],
  ['10.0', [{ kind: 'http500-after' }]],
  ['10.0', [{ kind: 'drop-before' }]],
  ['9.12', [{ kind: 'drop-after' }]],
  ['10.0', [{ kind: 'rate-limit', burst: 3 }]],
  ['8.5', [{ kind: 'html-502' }]],
  ['9.12', [{ kind: 'created-but-500' }]],
  ['9.12', [{ kind: 'hang-before' }]],
  ['10.0', [{ kind: 'hang-after' }]],
  ['8.5', [{ kind: 'maintenance' }]],
  ['9.12', [{ kind: 'slow', ...SHORT }]],
  ['10.0', [{ kind: 'slow-members', ...SHORT }]],
  ['9.12', [{ kind: 'refuse' }]],
  ['10.0', [{ kind: 'refuse' }]],
] as const satisfies readonly (readonly [string, readonly StoryFault[]])[];
const PEOPLE = 20;

const nameOf = (faults: readonly StoryFault[]): string => faults.map(({ kind }) => kind).join(', ');

/** One answer in twenty goes wrong, in one of these ways. */
const TOGETHER = CASES.slice(0, -1).flatMap(([, faults]) => faults.map((fault) => ({ ...fault, rate: 0.05 / 13 })));
/** Somebody changes accounts while Rollcall does. */
const BEHIND_OUR_BACK = (['change-before', 'change-after'] as const).map((kind) => ({
  kind,
  rate: 0.2,
  match: { method: 'PUT', endpoint: 'PUT /user' },
  change: { users: [{ name: 'user3', displayName: 'Changed By Hand', removeGroups: ['all'] }] },
}));

describe('the same story under faults', () => {
  let reference: Story | null = null;
  let stories: readonly PromiseSettledResult<Story>[] = [];

  beforeAll(async () => {
    reference = await play('9.12', PEOPLE);
    stories = await inLanes(CASES, ([line, faults]) => play(line, PEOPLE, faults));
  }, 600_000);

  it.each(CASES.map(([line, faults], n) => [line, nameOf(faults), n] as const))(
    'Jira %s with one answer in twenty being %s: nothing doubled, nothing lost',
    (_line, _faults, n) => {
      const { end, effects } = told(stories[n]);
      expect(effects).toEqual(reference?.effects);
      expect(end).toEqual(reference?.end);
      expect(end.filter((account) => account.groups.includes('all'))).toHaveLength(PEOPLE);
    }
  );

  it.each(['9.12', '10.0'])(
    'Jira %s with one answer in twenty being any of these: nothing doubled, nothing lost',
    async (line) => {
      const { end, effects } = await play(line, PEOPLE, TOGETHER);
      expect(effects).toEqual(reference?.effects);
      expect(end).toEqual(reference?.end);
    },
    300_000
  );

  it.each(['9.12', '10.0'])(
    'Jira %s with accounts changed behind our back: the next runs mend them, nobody is created twice',
    async (line) => {
      const { end, effects } = await play(line, PEOPLE, BEHIND_OUR_BACK);
      expect(end).toEqual(reference?.end);
      expect(effects).toMatchObject({ created: reference?.effects.created, renamed: reference?.effects.renamed });
    },
    300_000
  );
});
