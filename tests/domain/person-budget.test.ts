import { Budget, PERSON_STEP_LIMIT, STEP_LIMIT } from '../../domain/budget';
import { goldenDifferences } from '../../domain/golden';
import { prepareUser } from '../../domain/prepare';
import { attribute, settingsWith } from '../support/decision-settings';
import { alice } from '../support/person';

const { source: _, ...bare } = attribute('none');
const LIST = Array.from({ length: 1_000 }, (_entry, n) => `entry-${n}`);
/** About 90,000 steps: within the bound of one attribute. */
const COSTLY = "user.list.exists(a, user.list.filter(b, b == 'x').size() + size(user.list) < 0) ? 'a' : 'b'";
const costly = (times: number) =>
  Object.fromEntries(Array.from({ length: times }, (_entry, n) => [`p${n}`, { ...bare, expression: COSTLY }]));
const small = alice({ list: LIST.slice(0, 140) });

describe('what everything about one person may take', () => {
  it('is more than one attribute may, and less than many of them', () => {
    const spent = (times: number): number => {
      const budget = new Budget(Number.MAX_SAFE_INTEGER);
      prepareUser(small, [], settingsWith({ mapping: { properties: costly(times) } }), { budget });
      return budget.spent;
    };
    expect(spent(1)).toBeGreaterThan(STEP_LIMIT / 2);
    expect(spent(1)).toBeLessThan(STEP_LIMIT);
    expect(spent(100)).toBeLessThan(PERSON_STEP_LIMIT * 1.5);
  });

  it('holds a person whose mapping takes more, naming the attribute at which it ended', () => {
    const prepared = prepareUser(small, [], settingsWith({ mapping: { properties: costly(100) } }));
    expect(prepared.standing).toBe('invalid');
    expect(prepared.reasons[0]).toMatchObject({
      code: 'mappingFailed',
      params: { attribute: expect.stringMatching(/^properties\.p[1-9]$/) },
    });
    expect(prepareUser(small, [], settingsWith({ mapping: { properties: costly(1) } })).standing).toBe('inScope');
  });

  it('holds for conditions too', () => {
    const mapping = { properties: costly(100) };
    const alwaysAdd = [{ group: 'a', when: 'true' }];
    expect(prepareUser(small, [], settingsWith({ mapping, scope: { where: 'true' } })).reasons[0]?.code).toBe(
      'conditionFailed'
    );
    const many = Array.from({ length: 50 }, (_entry, n) => ({
      group: `g${n}`,
      when: COSTLY.replace("'a' : 'b'", 'true : false'),
    }));
    const { withheld } = prepareUser(small, [], settingsWith({ groups: { alwaysAdd: [...many, ...alwaysAdd] } }));
    expect(withheld['g49']).toMatchObject({ code: 'conditionFailed' });
    expect(withheld['g0']).toBeNull();
  });

  it('is shared by golden users, for whose end somebody waits', () => {
    const settings = settingsWith({ mapping: { properties: costly(3) } });
    const golden = Array.from({ length: 200 }, () => ({ user: small, groups: [], expect: { username: 'alice' } }));
    const differences = goldenDifferences(golden, settings);
    expect(differences.length).toBeGreaterThan(0);
    expect(differences[0]?.index).toBeGreaterThan(0);
  });
});
