import { ProviderError } from '../../connectors/errors';
import { createProvider, providerDefinitions } from '../../connectors/registry';

const definitions = providerDefinitions({ baseDirectory: '/srv/exports' });
const file = definitions.find(({ type }) => type === 'file')!;

describe('the registry of identity providers', () => {
  it('has each type once', () => {
    expect(new Set(definitions.map(({ type }) => type)).size).toBe(definitions.length);
  });

  it('creates the provider of a connector from its parsed source', () => {
    const settings = file.settings.parse({ users: 'people.csv' });
    const provider = createProvider(definitions, {
      source: { type: 'file', ...(settings as object) },
      mapping: file.preset,
    });
    expect(provider.identity()).toContain('/srv/exports/people.csv');
  });

  it('refuses a type that is not there, and settings that are not valid, by their paths only', () => {
    const create = (source: { readonly type: string; readonly users?: string }) => () =>
      createProvider(definitions, { source, mapping: file.preset });
    expect(create({ type: 'onelogin' })).toThrow(ProviderError);
    expect(create({ type: 'file', users: 'secret.doc' })).toThrow(
      'the settings of the source file are not valid: users'
    );
  });
});

describe('the settings of files', () => {
  it('are absolute paths, so that reading them again changes nothing', () => {
    const settings = file.settings.parse({ users: '../people.csv', groups: '/etc/groups.json' });
    expect(settings).toEqual({ users: '/srv/people.csv', groups: '/etc/groups.json', memberships: null });
    expect(file.settings.parse(settings)).toEqual(settings);
  });

  it.each([
    ['people.xlsx', 'save the sheet as CSV'],
    ['people.XLS', 'save the sheet as CSV'],
    ['people.ods', 'save the sheet as CSV'],
    ['people', 'must end in .csv'],
    ['people.csv.gz', 'must end in .csv'],
    ['peo\0ple.csv', 'NUL'],
  ])('refuse %j', (users, words) => {
    expect(file.settings.safeParse({ users }).error?.issues[0]?.message).toContain(words);
  });

  it('hold no secret', () => {
    expect(file.secrets).toEqual([]);
  });
});
