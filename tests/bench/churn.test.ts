import { benchChurn } from '../../bench/churn/churn';
import { DEFAULTS } from '../../config/defaults';

interface Churn {
  readonly companies: readonly {
    readonly people: number;
    readonly holdsAYear: { readonly days: number };
    readonly busiestDay: Readonly<Record<string, number>>;
    readonly heldEvents: Readonly<Record<string, number>>;
    readonly largestMistakeADay: Readonly<Record<string, { readonly count: number; readonly percent: number }>>;
  }[];
}

const SIZES = [30, 2_000, 100_000];
const churn = (safety = DEFAULTS.safety): Churn => benchChurn({ sizes: SIZES, years: 10, safety }) as Churn;

describe('the default limits, over years of life of companies of three sizes (rules 4.2)', () => {
  const { companies } = churn();

  it.each(companies.map((company) => [company.people, company] as const))(
    'hold nothing of the normal life of %d people, with room for a busier day',
    (_people, { holdsAYear, busiestDay, largestMistakeADay }) => {
      expect(holdsAYear).toEqual({ days: 0 });
      const room = Object.entries(busiestDay).map(([kind, most]) => [
        kind,
        (largestMistakeADay[kind]?.count ?? 0) / most,
      ]);
      expect(room.filter(([, times]) => Number(times) < 1.2)).toEqual([]);
    }
  );

  it.each([
    [30, 17],
    [2_000, 5],
    [100_000, 1],
  ])('let no mistake deactivate more of %d people in a day than %d percent for one cause', (people, most) => {
    const company = companies.find((one) => one.people === people);
    for (const kind of ['disabled', 'absent']) {
      expect(company?.largestMistakeADay[kind]?.percent).toBeLessThanOrEqual(most);
    }
  });

  it('hold what happens once in years, in a company of 2,000', () => {
    const company = companies.find(({ people }) => people === 2_000);
    expect(company?.heldEvents).toMatchObject({ layOff: 1, contractorsEnd: 1, teamsDissolve: 1, addressesOfAll: 1 });
  });

  it('would hold runs of normal life if they were as tight as a tenth', () => {
    const limits = { ...DEFAULTS.safety.limits, disabled: { floor: 1, percent: 0, ceiling: 100 } };
    const tight = churn({ ...DEFAULTS.safety, limits });
    expect(tight.companies.map(({ holdsAYear }) => holdsAYear.days > 0)).toEqual([true, true, true]);
  });
});
