import { erasesAccounts } from '../../config/lifecycle';
import { connector, connectorIssues, schema } from './support';

const issues = (lifecycle: object) => connectorIssues({ lifecycle });
const ID = schema.parseConnector(connector()).id;

describe('lifecycle', () => {
  it('takes second steps and every action', () => {
    const lifecycle = {
      disabled: { action: 'deactivate', graceDays: 60, then: { afterDays: 90, action: 'pseudonymize' } },
      missing: { action: 'pseudonymize' },
      outOfScope: { action: 'removeGroups', then: { afterDays: 30, action: 'delete' }, confirm: ID },
      keepIf: 'user.department == "Board"',
      leads: { action: 'replaceWith', user: 'boss' },
    };
    const parsed = schema.parseConnector(connector({ lifecycle })).lifecycle;
    expect(parsed).toMatchObject(lifecycle);
    expect(erasesAccounts(parsed)).toBe(true);
    expect(erasesAccounts(schema.parseConnector(connector()).lifecycle)).toBe(false);
  });

  it.each([
    [{ disabled: { action: 'delete' } }, 'lifecycle.disabled.confirm'],
    [{ missing: { action: 'anonymize', confirm: 'another' } }, 'lifecycle.missing.confirm'],
    [{ outOfScope: { then: { afterDays: 30, action: 'delete' } } }, 'lifecycle.outOfScope.confirm'],
  ])('wants what cannot be undone confirmed with the id of the connector: %j', (lifecycle, path) => {
    expect(issues(lifecycle)).toEqual([{ path, message: expect.stringContaining(`"${ID}"`) }]);
  });

  it.each([
    [{ disabled: { then: { afterDays: 6, action: 'delete' }, confirm: ID } }, 'lifecycle.disabled.then.afterDays'],
    [{ disabled: { then: { afterDays: 0, action: 'pseudonymize' } } }, 'lifecycle.disabled.then.afterDays'],
    [
      { disabled: { action: 'pseudonymize', then: { afterDays: 9, action: 'removeGroups' } } },
      'lifecycle.disabled.then',
    ],
    [{ disabled: { then: { afterDays: 9, action: 'deactivate' } } }, 'lifecycle.disabled.then.action'],
    [{ keepIf: 'user.' }, 'lifecycle.keepIf'],
    [{ keepIf: '"text"' }, 'lifecycle.keepIf'],
    [{ leads: { action: 'replaceWith' } }, 'lifecycle.leads.user'],
    [{ leads: { action: 'hold', user: 'boss' } }, 'lifecycle.leads.user'],
  ])('refuses %j', (lifecycle, path) => {
    expect(issues(lifecycle).map((issue) => issue.path)).toEqual([path]);
  });
});
