import { groupsOf, input, simulations } from './simulated';
import { never, refusal, startStub, targetFor, type Scripted } from './support';

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

  it('takes one request and one to read back, whatever the version answers', async () => {
    for (const createAnswer of ['short', 'full'] as const) {
      const { sim, target } = await start({ behaviour: { createAnswer } });
      await target.createUser(input('fred'), never());
      const { calls } = await sim.stats();
      const made = Object.fromEntries(Object.entries(calls).filter(([call]) => !call.includes('serverInfo')));
      expect(made).toEqual({ 'POST /user': 1, 'GET /user': 1 });
    }
  });
});

describe('changing an account where Jira answers with half of it', () => {
  it.each<[string, Scripted]>([
    ['a rate limit', { status: 429, headers: { 'retry-after': '0' }, body: '<html>' }],
    ['an error', { status: 500, body: { errorMessages: ['oops'], errors: {} } }],
    ['a cut connection', 'cut'],
    ['a refused login', { status: 401, body: { errorMessages: ['no'], errors: {} } }],
  ])('durability 3.4: %s at the read-back does not look as if nothing had happened', async (_name, fate) => {
    const stub = await startStub(({ method }) =>
      method === 'PUT' ? { status: 200, body: { key: 'KEY-fred', name: 'fred' } } : fate
    );
    const target = targetFor(stub.url);
    expect((await refusal(target.updateUser('KEY-fred', { active: false }, never()))).kind).toBe('ambiguous');
    expect(stub.received.map((one) => one.method)).toEqual(['PUT', 'GET']);
    await target.close();
    await stub.stop();
  });
});
