import { migrationItem } from '../../domain/migration';
import type { MigrationFacts } from '../../domain/migration';
import { account } from '../support/person';

const NOTHING: MigrationFacts = { duplicated: new Map(), directories: new Map(), leads: new Map() };
const directory = (directoryId: string) => ({ directoryId, directoryName: `Directory ${directoryId}`, active: true });

describe('migrationItem', () => {
  it('has nothing to point out of an account that is alone, led by nobody and kept by nobody', () => {
    expect(migrationItem(account(), null, NOTHING)).toMatchObject({ directory: null, shadows: [], findings: [] });
  });

  it('tells the directory, by its number alone where nothing else is told', () => {
    const facts = { ...NOTHING, directories: new Map([['alice', '10000']]) };
    expect(migrationItem(account({ username: 'Alice' }), null, facts).directory).toEqual({
      directoryId: '10000',
      directoryName: null,
      active: true,
    });
  });

  it('tells what an account hides: the first of the directories is the one that is seen', () => {
    const duplicated = new Map([['alice', [directory('1'), directory('2'), directory('3')]]]);
    expect(migrationItem(account(), null, { ...NOTHING, duplicated })).toMatchObject({
      directory: { directoryId: '1' },
      shadows: [{ directoryId: '2' }, { directoryId: '3' }],
      findings: ['shadows'],
    });
  });

  it('knows leads by key and, where there is none, by name', () => {
    const leads = new Map([
      ['JIRAUSER1', ['XYZ']],
      ['name:alice', ['ABC']],
    ]);
    expect(migrationItem(account(), null, { ...NOTHING, leads })).toMatchObject({
      leads: ['ABC', 'XYZ'],
      findings: ['leads'],
    });
  });

  it('finds a name that is not the one last written, but for case', () => {
    const link = { connectorId: 'corp', externalId: 'a-1', username: 'ALICE' };
    expect(migrationItem(account(), link, NOTHING).findings).toEqual([]);
    expect(migrationItem(account(), { ...link, username: 'a.ames' }, NOTHING).findings).toEqual(['nameMismatch']);
  });
});
