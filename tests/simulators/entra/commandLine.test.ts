import { readEntraOptions } from '../../../simulators/entra/commandLine';

describe('the command line of the simulated Entra ID', () => {
  it('reads sizes, permissions and faults', () => {
    const line = '--users 10000 --groups 1000 --seed 7 --permissions User.Read.All --faults rate-limit:0.01,cut:0.5';
    expect(readEntraOptions(line.split(' '))).toEqual({
      ...{ users: 10_000, groups: 1_000, seed: 7, permissions: ['User.Read.All'] },
      faults: [
        { kind: 'rate-limit', rate: 0.01 },
        { kind: 'cut', rate: 0.5 },
      ],
    });
  });

  it.each([
    ['--permissions Nothing', 'must be of User.Read.All'],
    ['--faults cut:2', 'must be like rate-limit:0.01'],
    ['--faults none', 'must be like rate-limit:0.01'],
    ['--users many', '--users must be a whole number'],
    ['--people 3', '--users'],
  ])('refuses %s', (line, message) => {
    expect(() => readEntraOptions(line.split(' '))).toThrow(message);
  });
});
