import { ensureSearchAttributes } from '../../workers/searchAttributes';
import type { SearchAttributeService } from '../../workers/searchAttributes';

/** A namespace that may refuse registration, and shows what was registered only at the next look. */
function namespaceWith(names: readonly string[], refuses = false): SearchAttributeService & { added: string[] } {
  const known = new Set(names);
  const added: string[] = [];
  let coming: string[] = [];
  return {
    added,
    listSearchAttributes: () => {
      const customAttributes = Object.fromEntries([...known].map((name) => [name, 1]));
      for (const name of coming) known.add(name);
      return Promise.resolve({ customAttributes });
    },
    addSearchAttributes: ({ searchAttributes }) => {
      if (refuses) return Promise.reject(new Error('permission denied'));
      coming = Object.keys(searchAttributes);
      added.push(...coming);
      return Promise.resolve({});
    },
  };
}

describe('durability 5.4: search attributes are there before a worker starts', () => {
  it('leaves a namespace alone that has them', async () => {
    const all = ['RollcallConnectorId', 'RollcallTrigger', 'RollcallStatus', 'RollcallFailed', 'Other'];
    const namespace = namespaceWith(all);
    await ensureSearchAttributes(namespace, 'default');
    expect(namespace.added).toEqual([]);
  });

  it('registers what is missing and waits until the server shows it', async () => {
    const namespace = namespaceWith(['RollcallTrigger']);
    await ensureSearchAttributes(namespace, 'default');
    expect(namespace.added).toEqual(['RollcallConnectorId', 'RollcallStatus', 'RollcallFailed']);
  });

  it('says which command to run where the server refuses', async () => {
    await expect(ensureSearchAttributes(namespaceWith([], true), 'people')).rejects.toThrow(
      'temporal operator search-attribute create --namespace people --name RollcallConnectorId --type Keyword'
    );
  });
});
