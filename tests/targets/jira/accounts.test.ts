import { groupsOf, input, simulations } from './simulated';
import { never, refusal } from './support';

const start = simulations();

describe('creating an account', () => {
  it.each(['short', 'full'] as const)('answers what Jira then holds (%s answers)', async (createAnswer) => {
    const { sim, target } = await start({ behaviour: { createAnswer } });
    const user = await target.createUser(input('Zoë.王'), never());
    expect(user).toMatchObject({
      username: 'Zoë.王',
      email: 'Zoë.王@example.com',
      displayName: 'Display Zoë.王',
      active: true,
    });
    expect(await target.findByKey(user.key, never())).toEqual(user);
    expect(await groupsOf(sim, 'Zoë.王')).toEqual([]);
    expect((await sim.stats()).created).toBe(1);
  });

  it.each(['en', 'de'] as const)('rule 1.5: refuses a name that differs in case only (%s)', async (locale) => {
    const { sim, target } = await start({ locale });
    expect((await refusal(target.createUser(input('MEMBER'), never()))).kind).toBe('exists');
    expect((await sim.stats()).created).toBe(0);
  });

  it.each(['request', 'form'] as const)(
    'tells wrong values from taken names (%s field names)',
    async (errorFieldNames) => {
      const { target } = await start({ behaviour: { errorFieldNames } });
      const wrong = [
        input('a<b'),
        input('fred', { email: 'nowhere' }),
        input('fred', { displayName: ' ' }),
        input('fred', { email: null }),
      ];
      for (const one of wrong) {
        const error = await refusal(target.createUser(one, never()));
        expect(error).toMatchObject({ kind: 'invalid', status: 400 });
        expect(error.message).not.toContain(one.username);
      }
    }
  );

  it('durability 3.4: a failure after the effect is ambiguous, and the account is there', async () => {
    const { sim, target } = await start();
    await sim.addFault({ kind: 'created-but-500' });
    expect((await refusal(target.createUser(input('fred'), never()))).kind).toBe('ambiguous');
    expect(await target.findByUsername('fred', never())).not.toBeNull();
  });

  it('durability 3.4: a read-back that fails does not look as if nothing had happened', async () => {
    const { sim, target } = await start();
    for (const kind of ['rate-limit', 'http500-before', 'drop-before', 'unauthorized'] as const) {
      await sim.addFault({ kind, match: { endpoint: 'GET /user' }, until: 1 });
      expect((await refusal(target.createUser(input(`fred-${kind}`), never()))).kind).toBe('ambiguous');
    }
    expect((await sim.stats()).created).toBe(4);
  });
});
