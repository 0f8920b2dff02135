import { withoutSecrets } from '../../activities/insight/explain';

describe('withoutSecrets', () => {
  it('hides attributes whose name says that they are secret, at any depth, and what a mapping made of them', () => {
    const attributes = {
      username: 'ada',
      userPassword: 'hunter2',
      nested: { apiKey: 'k-1', list: [{ token: 't-1', plain: 'p' }] },
    };
    const trace = {
      attribute: 'displayName',
      found: { path: 'nested.apiKey', text: 'k-1' },
      steps: [{ step: { type: 'trim' }, in: 'k-1', out: 'k-1' }],
      result: { kind: 'value', text: 'k-1' },
    } as const;
    const plain = {
      ...trace,
      found: { path: 'username', text: 'ada' },
      result: { kind: 'value', text: 'ada' },
      steps: [],
    } as const;
    const shown = withoutSecrets({ source: { active: true, attributes }, mapping: [trace, plain] });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|k-1|t-1/);
    expect(shown.source?.attributes).toMatchObject({ username: 'ada', nested: { list: [{ plain: 'p' }] } });
    expect(shown.mapping[1]).toEqual(plain);
  });
});
