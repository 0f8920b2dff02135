import { withoutPasswords } from '../../api/scim/body';
import { patternOf } from '../../api/scim/call';
import { createChangeNotifier } from '../../api/scim/notifier';
import { RequestRate } from '../../api/scim/rate';

describe('passwords (rules 5.4)', () => {
  it.each<[string, unknown, unknown]>([
    ['of a resource', { userName: 'a', password: 'S', PassWord: 'S' }, { userName: 'a' }],
    ['with the URN', { 'urn:ietf:params:scim:schemas:core:2.0:User:password': 'S', userName: 'a' }, { userName: 'a' }],
    ['below the URN', { 'urn:x:User': { password: 'S', a: 1 } }, { 'urn:x:User': { a: 1 } }],
    [
      'in a value',
      { Operations: [{ op: 'replace', value: { password: 'S', active: true } }] },
      {
        Operations: [{ op: 'replace', value: { active: true } }],
      },
    ],
    [
      'at a path',
      { operations: [{ op: 'replace', Path: 'urn:x:password', value: 'S' }] },
      {
        operations: [{ op: 'add', value: {} }],
      },
    ],
    ['nowhere', [1, 'x', null], [1, 'x', null]],
  ])('%s are gone', (_, body, expected) => {
    expect(withoutPasswords(body)).toEqual(expected);
  });
});

describe('telling of changes', () => {
  it('has one under way, and one more after it when something came meanwhile', async () => {
    const told: string[] = [];
    const gates: (() => void)[] = [];
    const notifier = createChangeNotifier(
      (id) => {
        told.push(id);
        return new Promise((resolve) => gates.push(resolve));
      },
      () => undefined
    );
    for (let n = 0; n < 100; n++) notifier.changed('corp');
    notifier.changed('other');
    expect(told).toEqual(['corp', 'other']);
    for (const open of gates.splice(0)) open();
    await new Promise(setImmediate);
    expect(told).toEqual(['corp', 'other', 'corp']);
    for (const open of gates.splice(0)) open();
    await notifier.settled();
    notifier.changed('corp');
    expect(told).toHaveLength(4);
  });

  it('goes on after a failure', async () => {
    const failed: string[] = [];
    const notifier = createChangeNotifier(
      () => Promise.reject(new Error('away')),
      (id) => failed.push(id)
    );
    notifier.changed('corp');
    notifier.changed('corp');
    await notifier.settled();
    expect(failed).toEqual(['corp', 'corp']);
  });
});

describe('the rate of requests', () => {
  it('lets a second of them come at once, then as many as time brings, each connector for itself', () => {
    let now = 0;
    const rate = new RequestRate(() => now);
    const take = (id: string, times: number) => Array.from({ length: times }, () => rate.take(id, 25));
    expect(take('corp', 26)).toEqual([...Array.from({ length: 25 }, () => 0), 1]);
    expect(rate.take('other', 25)).toBe(0);
    now = 200;
    expect(take('corp', 6)).toEqual([0, 0, 0, 0, 0, 1]);
    now = 60_000;
    expect(take('corp', 26).filter((wait) => wait > 0)).toHaveLength(1);
  });
});

describe('the pattern of an address', () => {
  it.each([
    [['Users', 'ann@corp.example'], '/scim/v2/{id}/Users/{resource}'],
    [['Groups'], '/scim/v2/{id}/Groups'],
    [['Users', '.search'], '/scim/v2/{id}/Users/.search'],
    [['oauth', 'token'], '/scim/v2/{id}/oauth/token'],
    [['ann@corp.example'], '/scim/v2/{id}/…'],
    [[], '/scim/v2/{id}/…'],
  ])('of %j is %s, without what it names', (segments, pattern) => {
    expect(patternOf(segments)).toBe(pattern);
  });
});
