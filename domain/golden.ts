import { Budget } from './budget';
import { canonicalJson } from './canonical-json';
import type { AttributeValue } from './model';
import { nameKey } from './names';
import { byText, own } from './records';
import type { DecisionSettings } from './settings';
import { tryPerson } from './try-person';
import type { ExamplePerson, TriedPerson } from './try-person';

/** What a golden user has to become; what is not named may be anything. */
export interface GoldenExpectation {
  readonly standing?: TriedPerson['standing'];
  readonly active?: boolean;
  readonly username?: string;
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly avatar?: string | null;
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly organizations?: readonly string[];
  readonly groups?: readonly string[];
}

/** An example that a configuration has to get right. */
export interface GoldenUser extends ExamplePerson {
  readonly expect: GoldenExpectation;
}

/** One thing that a configuration makes otherwise. `got` is null also where it keeps what the target has. */
export interface GoldenDifference {
  /** Position in the list, and the id of the user. */
  readonly index: number;
  readonly externalId: string;
  /** `username`, `properties.department`, ... */
  readonly attribute: string;
  readonly expected: AttributeValue;
  readonly got: AttributeValue;
}

/** Somebody waits for the answer: what all golden users together may take. */
const GOLDEN_STEP_LIMIT = 3_000_000;

/** Every difference between what golden users have to become and what the settings make of them. */
export function goldenDifferences(
  golden: readonly GoldenUser[],
  settings: DecisionSettings
): readonly GoldenDifference[] {
  const budget = new Budget(GOLDEN_STEP_LIMIT);
  return golden.flatMap((one, index) => {
    const { person } = tryPerson(one, settings, { budget });
    const at = { index, externalId: one.user.externalId };
    return expectationsOf(one.expect, person)
      .filter(({ expected, got }) => canonicalJson(expected) !== canonicalJson(got))
      .map((difference) => ({ ...at, ...difference }));
  });
}

type Expectation = Pick<GoldenDifference, 'attribute' | 'expected' | 'got'>;

const SCALARS = ['standing', 'active', 'username', 'email', 'displayName', 'avatar'] as const;

function expectationsOf(expect: GoldenExpectation, person: TriedPerson): readonly Expectation[] {
  return [
    ...SCALARS.flatMap((attribute) => {
      const expected = expect[attribute];
      return expected === undefined ? [] : [{ attribute, expected, got: person[attribute] ?? null }];
    }),
    ...Object.entries(expect.properties ?? {}).map(([key, expected]) => ({
      attribute: `properties.${key}`,
      expected,
      got: own(person.properties, key) ?? null,
    })),
    ...namesExpected('groups', expect.groups, person.groups),
    ...namesExpected('organizations', expect.organizations, person.organizations ?? []),
  ];
}

/** Names in any order, compared as the target does. */
function namesExpected(
  attribute: string,
  expected: readonly string[] | undefined,
  got: readonly string[]
): readonly Expectation[] {
  if (expected === undefined) return [];
  const isSame = canonicalJson(sortedKeys(expected)) === canonicalJson(sortedKeys(got));
  return isSame ? [] : [{ attribute, expected: [...expected].sort(byText), got: [...got].sort(byText) }];
}

const sortedKeys = (names: readonly string[]): string[] => [...new Set(names.map(nameKey))].sort(byText);
