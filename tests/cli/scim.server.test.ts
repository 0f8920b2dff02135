import { scimClient, scimConnector } from '../api/support/scim';
import { ADMIN_TOKEN, startTestApi } from '../api/support/test-api';
import type { TestApi } from '../api/support/test-api';
import { run } from './support';
import type { Ran } from './support';

describe('rollcall scim-tokens', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('cli-scim');
    await scimConnector(api, 'corp');
  });
  afterAll(() => api.stop());
  const rollcall = (...line: readonly string[]): Promise<Ran> =>
    run(['--url', api.url, 'scim-tokens', ...line], { ROLLCALL_TOKEN: ADMIN_TOKEN });

  it('makes a token that works, lists it without the secret, deletes it', async () => {
    const made = await rollcall('create', 'corp', '--name', 'okta', '--days', '30');
    const [, id = ''] = /^id +(\S+)$/m.exec(made.out) ?? [];
    const [, token = ''] = /^token +(\S+)$/m.exec(made.out) ?? [];
    expect((await scimClient(api.url, 'corp', token).get('/Users')).status).toBe(200);
    const list = await rollcall('list', 'corp');
    expect(list.out).toMatch(new RegExp(`^${id} +bearer +okta +2026-03-02 12:00 +2026-04-01 12:00$`, 'm'));
    expect(list.out).not.toContain(token);
    expect((await rollcall('delete', 'corp', id)).code).toBe(0);
    expect((await rollcall('list', 'corp')).out).not.toContain(id);
  });

  it('makes an id and a secret for the token endpoint', async () => {
    expect((await rollcall('create', 'corp', '--client')).out).toMatch(/^client id +\S+\nclient secret +rcs_\S+$/m);
  });

  it('says what is wrong: 64 and 1', async () => {
    expect((await rollcall('create', 'corp', '--days', 'many')).code).toBe(64);
    expect(await rollcall('list', 'nobody')).toMatchObject({ code: 1, told: expect.stringContaining('nobody') });
  });
});
