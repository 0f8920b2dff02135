import { recentlyUsed } from '../../activities/recentlyUsed';

describe('recentlyUsed', () => {
  it('keeps the entries used last and drops the one that was not used for longest', () => {
    const dropped: string[] = [];
    let made = 0;
    const get = recentlyUsed<string>(2, (value) => dropped.push(value));
    const use = (key: string): string => get(key, () => `${key}${(made += 1)}`);
    expect([use('a'), use('b'), use('a'), use('c'), use('a'), use('b')]).toEqual(['a1', 'b2', 'a1', 'c3', 'a1', 'b4']);
    expect(dropped).toEqual(['b2', 'c3']);
  });
});
