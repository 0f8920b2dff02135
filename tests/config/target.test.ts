import { TARGET_SECRETS } from '../../config/target';
import { issuesOf, schema, target } from './support';

const refused = (changes: object) => issuesOf(() => schema.parseTarget(target(changes)));

describe('the schema of a target', () => {
  it('gives defaults and an address without a slash at its end', () => {
    expect(schema.parseTarget(target({ baseUrl: 'https://jira.example.com/jira//' }))).toEqual({
      id: 'jira',
      type: 'jira',
      baseUrl: 'https://jira.example.com/jira',
      auth: { type: 'pat', token: 'abc-123' },
      concurrency: 4,
      allowHttp: false,
    });
  });

  it('takes a username and password', () => {
    const auth = { type: 'basic', username: 'sync', password: 'pä$s word' };
    expect(schema.parseTarget(target({ auth })).auth).toEqual(auth);
  });

  it.each(['http://127.0.0.1:8085', 'http://localhost:8085', 'http://[::1]:8085'])(
    'takes plain http on %s',
    (baseUrl) => {
      expect(schema.parseTarget(target({ baseUrl })).baseUrl).toBe(baseUrl);
    }
  );

  it('takes the credentials of an application of the user server', () => {
    const crowd = { application: 'rollcall', password: 'pä$s' };
    expect(schema.parseTarget(target({ crowd })).crowd).toEqual(crowd);
    expect(refused({ crowd: { application: 'rollcall' } })).toMatchObject([{ path: 'crowd.password' }]);
    expect(refused({ crowd: { ...crowd, application: 'a:b' } })).toMatchObject([{ path: 'crowd.application' }]);
  });

  describe('with certificates', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const key = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n';

    it('takes an authority, a client certificate, its key and passphrase', () => {
      const tls = { ca, cert: ca, key, passphrase: 'open sesame' };
      expect(schema.parseTarget(target({ tls })).tls).toEqual(tls);
      expect(schema.parseTarget(target({ tls: { ca } })).tls).toEqual({ ca });
    });

    it.each([
      [{ cert: ca }, 'tls', /together/],
      [{ key }, 'tls', /together/],
      [{ passphrase: 'p' }, 'tls.passphrase', /key only/],
      [{ ca: '/etc/ssl/ca.pem' }, 'tls.ca', /not the path of a file/],
      [{ cert: key, key }, 'tls.cert', /a certificate as PEM/],
      [{ cert: ca, key: ca }, 'tls.key', /a private key as PEM/],
      [{ cacert: ca }, 'tls.cacert', /did you mean/],
    ])('refuses %j', (tls, path, message) => {
      expect(refused({ tls })).toContainEqual({ path, message: expect.stringMatching(message) });
    });

    it('refuses them for plain http', () => {
      const changes = { tls: { ca }, baseUrl: 'http://localhost:8085' };
      expect(refused(changes)).toEqual([{ path: 'tls', message: expect.stringContaining('https only') }]);
    });
  });

  it.each(['http://jira.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1'])(
    'refuses plain http on %s unless it is allowed',
    (baseUrl) => {
      expect(refused({ baseUrl })).toEqual([{ path: 'baseUrl', message: expect.stringContaining('allowHttp') }]);
      expect(schema.parseTarget(target({ baseUrl, allowHttp: true })).allowHttp).toBe(true);
    }
  );

  it.each(['jira.example.com', 'ftp://jira.example.com', '', 'https://', 'file:///etc/passwd', 'https://a b'])(
    'refuses the address %j',
    (baseUrl) => {
      expect(refused({ baseUrl })[0]).toMatchObject({ path: 'baseUrl' });
    }
  );

  it.each([
    ['https://admin:hunter2@jira.example.com', 'credentials'],
    ['https://jira.example.com/?os_password=hunter2', 'query'],
    ['https://jira.example.com/#hunter2', 'fragment'],
  ])('refuses %s and does not repeat it', (baseUrl, word) => {
    const [issue] = refused({ baseUrl });
    expect(issue?.message).toContain(word);
    expect(issue?.message).not.toContain('hunter2');
  });

  it.each([
    [{ type: 'oauth' }, 'auth.type'],
    [{}, 'auth.type'],
    [{ type: 'pat' }, 'auth.token'],
    [{ type: 'pat', token: '' }, 'auth.token'],
    [{ type: 'pat', token: 'two words' }, 'auth.token'],
    [{ type: 'pat', token: 'line\n' }, 'auth.token'],
    [{ type: 'pat', token: 'x', password: 'y' }, 'auth.password'],
    [{ type: 'basic', username: 'a:b', password: 'x' }, 'auth.username'],
    [{ type: 'basic', username: 'a', password: 'x\ny' }, 'auth.password'],
  ])('refuses the credentials %j', (auth, path) => {
    expect(refused({ auth }).map((issue) => issue.path)).toContain(path);
  });

  it.each([0, 17, 1.5, '4', null])('refuses the concurrency %j', (concurrency) => {
    expect(refused({ concurrency })[0]).toMatchObject({ path: 'concurrency' });
  });

  it('knows where its secrets lie', () => {
    expect(TARGET_SECRETS).toEqual([
      ['auth', 'token'],
      ['auth', 'password'],
      ['tls', 'key'],
      ['tls', 'passphrase'],
      ['crowd', 'password'],
    ]);
  });
});
