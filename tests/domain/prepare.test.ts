import { prepareUser } from '../../domain/prepare';
import { attribute, DEFAULTS, settingsWith } from '../support/decision-settings';
import { alice } from '../support/person';

const dev = { externalId: 'g-1', name: 'jira-dev' };
const sales = { externalId: 'g-2', name: 'Sales' };

describe('prepareUser', () => {
  it('a user in scope has a wanted account and the keys by which others may want the same', () => {
    expect(prepareUser(alice({ username: 'Alice', email: 'Alice@Corp.com' }), [], DEFAULTS)).toEqual({
      externalId: 'a-1',
      standing: 'inScope',
      active: true,
      wanted: {
        username: 'Alice',
        email: { set: 'Alice@Corp.com' },
        displayName: { set: 'Alice Ames' },
        properties: {},
        avatar: 'keep',
        organizations: 'keep',
      },
      usernameKey: 'alice',
      emailKey: 'alice@corp.com',
      withheld: {},
      reasons: [],
    });
  });

  it('a disabled user claims no name: his successor may have it', () => {
    const prepared = prepareUser(alice({}, false), [], DEFAULTS);
    expect(prepared).toMatchObject({ standing: 'inScope', usernameKey: null, emailKey: null });
  });

  it.each([
    ['by glob', { requiredGroups: ['jira-*'] }, [dev], 'inScope'],
    ['by glob in another case', { requiredGroups: ['JIRA-*'] }, [dev], 'inScope'],
    ['by id', { requiredGroups: ['g-1'] }, [sales, dev], 'inScope'],
    ['in no required group', { requiredGroups: ['jira-*'] }, [sales], 'outOfScope'],
    ['in no group at all', { requiredGroups: ['jira-*'] }, [], 'outOfScope'],
    ['in an excluded group', { requiredGroups: ['jira-*'], excludeGroups: ['sales'] }, [dev, sales], 'outOfScope'],
    ['excluded by id', { exclude: ['a-1'] }, [dev], 'outOfScope'],
    ['excluded by username', { exclude: ['ALICE'] }, [dev], 'outOfScope'],
    ['excluded by a glob over usernames', { exclude: ['al*'] }, [dev], 'outOfScope'],
  ] as const)('scope, %s', (_, scope, groups, standing) => {
    expect(prepareUser(alice(), groups, settingsWith({ scope })).standing).toBe(standing);
  });

  it('rule 3.2: without a username the user is excluded, with an invalid address he is held', () => {
    expect(prepareUser(alice({ username: '' }), [], DEFAULTS)).toMatchObject({
      standing: 'excluded',
      wanted: null,
      usernameKey: null,
      reasons: [{ code: 'attributeEmpty', rule: '3.2', params: { attribute: 'username' } }],
    });
    expect(prepareUser(alice({ email: 'nonsense' }), [], DEFAULTS)).toMatchObject({
      standing: 'invalid',
      reasons: [{ code: 'attributeInvalid', params: { attribute: 'email' } }],
    });
  });

  it('rule 3.2: only an explicit outOfScope makes a missing attribute a reason to go', () => {
    const mapping = { username: attribute('username', { whenEmpty: 'outOfScope' }) };
    expect(prepareUser(alice({ username: '' }), [], settingsWith({ mapping })).standing).toBe('outOfScope');
  });
});
