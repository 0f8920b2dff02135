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
      steps: [
        { step: 'source', before: ['nested.apiKey'], after: ['k-1'] },
        { step: 'trim', before: ['k-1'], after: ['k-1'] },
      ],
      result: { kind: 'values', texts: ['k-1'] },
    } as const;
    const plain = {
      attribute: 'username',
      steps: [{ step: 'source', before: ['username'], after: ['ada'] }],
      result: { kind: 'values', texts: ['ada'] },
    } as const;
    const shown = withoutSecrets({ source: { active: true, attributes }, mapping: [trace, plain] });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|k-1|t-1/);
    expect(shown.source?.attributes).toMatchObject({ username: 'ada', nested: { list: [{ plain: 'p' }] } });
    expect(shown.mapping[1]).toEqual(plain);
  });
});
