import { randomPassword } from '../../../targets/jira/password';

describe('randomPassword', () => {
  it('rule 5.3: is 40 characters that satisfy common policies, another one each time', () => {
    const passwords = Array.from({ length: 200 }, randomPassword);
    for (const password of passwords) {
      expect(password).toHaveLength(40);
      for (const demanded of [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/]) expect(password).toMatch(demanded);
    }
    expect(new Set(passwords).size).toBe(200);
  });
});
