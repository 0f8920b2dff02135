import {
  capabilitiesOf,
  hasTokens,
  isSupported,
  isTried,
  mayListByCursor,
  searchCap,
} from '../../../targets/jira/version';

const info = (version: string) => ({ version, versionNumbers: version.split('.').map(Number) });

describe('what a version of Jira can do', () => {
  it.each([
    ['8.4.3', { supported: false, tried: false, cap: 1_000, cursor: false, tokens: false }],
    ['8.5.0', { supported: true, tried: true, cap: 1_000, cursor: false, tokens: false }],
    ['8.12.3', { supported: true, tried: true, cap: 1_000, cursor: false, tokens: false }],
    ['8.13.1', { supported: true, tried: true, cap: null, cursor: false, tokens: false }],
    ['8.14.0', { supported: true, tried: true, cap: null, cursor: false, tokens: true }],
    ['8.20.30', { supported: true, tried: true, cap: null, cursor: false, tokens: true }],
    ['9.4.0', { supported: true, tried: true, cap: null, cursor: false, tokens: true }],
    ['9.17.1', { supported: true, tried: true, cap: null, cursor: false, tokens: true }],
    ['10.0.0', { supported: true, tried: true, cap: 100, cursor: true, tokens: true }],
    ['10.3.24', { supported: true, tried: true, cap: 100, cursor: true, tokens: true }],
    ['10.5.1', { supported: true, tried: true, cap: 100, cursor: true, tokens: true }],
    ['11.0.0', { supported: true, tried: false, cap: 100, cursor: true, tokens: true }],
  ])('%s', (version, expected) => {
    const one = info(version);
    expect({
      supported: isSupported(one),
      tried: isTried(one),
      cap: searchCap(one),
      cursor: mayListByCursor(one),
      tokens: hasTokens(one),
    }).toEqual(expected);
  });

  it('is told to the engine without its number being asked for', () => {
    expect(capabilitiesOf(info('8.5.0'))).toMatchObject({ listUsers: 'capped', rateHeaders: false, stableId: 'key' });
    expect(capabilitiesOf(info('8.13.0'))).toMatchObject({ listUsers: 'full', rateHeaders: true });
    expect(capabilitiesOf(info('10.5.0'))).toMatchObject({ listUsers: 'capped', canDeactivate: true });
    expect(capabilitiesOf(info('8.2.0'))).toMatchObject({ canDeactivate: false });
  });

  it('is nothing for Jira Cloud', () => {
    expect(() => capabilitiesOf({ ...info('1001.0.0'), deploymentType: 'Cloud' })).toThrow('Jira Cloud');
  });
});
