import { createTarget } from '../../../targets/registry';
import { authorization, checkedBaseUrl } from '../../../targets/jira/settings';
import { settingsFor } from './support';

describe('the base URL of a Jira target', () => {
  it.each([
    ['https://jira.example.com', 'https://jira.example.com'],
    ['https://jira.example.com/', 'https://jira.example.com'],
    ['https://example.com:8443/jira/', 'https://example.com:8443/jira'],
    ['http://localhost:8080/jira', 'http://localhost:8080/jira'],
    ['http://127.0.0.1:8085', 'http://127.0.0.1:8085'],
    ['http://[::1]:8085', 'http://[::1]:8085'],
  ])('%s is used as %s', (given, used) => {
    expect(checkedBaseUrl({ baseUrl: given })).toBe(used);
  });

  it.each([
    ['jira.example.com', /https:\/\//],
    ['ftp://jira.example.com', /https:\/\//],
    ['https://admin:secret@jira.example.com', /auth/],
    ['https://jira.example.com/?os_username=admin', /query/],
    ['http://jira.example.com', /allowHttp/],
    ['http://localhost.example.com', /allowHttp/],
    ['http://127.0.0.1.example.com', /allowHttp/],
  ])('%s is refused', (given, message) => {
    expect(() => checkedBaseUrl({ baseUrl: given })).toThrow(message);
    expect(() => checkedBaseUrl({ baseUrl: given })).not.toThrow(/secret/);
  });

  it('may be http to another machine when the admin says so', () => {
    expect(checkedBaseUrl({ baseUrl: 'http://jira.example.com', allowHttp: true })).toBe('http://jira.example.com');
  });
});

describe('the credentials of a Jira target', () => {
  it('are a Bearer token or Basic in UTF-8', () => {
    expect(authorization({ type: 'pat', token: 'MDEyMzQ1' })).toBe('Bearer MDEyMzQ1');
    expect(authorization({ type: 'basic', username: 'sync', password: 'pässwörd' })).toBe(
      `Basic ${Buffer.from('sync:pässwörd').toString('base64')}`
    );
  });

  it.each(['', 'MDEy\n', 'two words', 'tökén'])('a token like %j is refused before anything is sent', (token) => {
    const make = () =>
      createTarget(settingsFor('https://jira.example.com', { auth: { type: 'pat', token } }), { httpTimeoutMs: 1 });
    expect(make).toThrow(/personal access token/);
  });
});
