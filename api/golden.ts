import { z } from 'zod';
import type { ConnectorConfig } from '../config/connector';
import { goldenDifferences } from '../domain/golden';
import type { GoldenDifference } from '../domain/golden';
import { Problem } from './http/problem';

export const goldenQuery = z.strictObject({
  acceptGolden: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .meta({ description: 'true: save although golden users come out otherwise; this is written to the audit log' }),
});

/**
 * Whether the golden users of a configuration come out as they should.
 * @returns what the audit event of saving says of it: the numbers of those that do not, where that is accepted
 * @throws Problem golden-users, naming each user and the difference
 */
export function brokenGolden(
  config: ConnectorConfig,
  { acceptGolden }: z.output<typeof goldenQuery>
): { readonly acceptedGolden?: readonly number[] } {
  const differences = goldenDifferences(config.golden, config);
  if (differences.length === 0) return {};
  if (acceptGolden === 'true') return { acceptedGolden: [...new Set(differences.map(({ index }) => index))] };
  throw new Problem(
    'golden-users',
    'Golden users would come out otherwise. Correct the configuration or what is expected of them, or save with ' +
      'acceptGolden=true if this is meant.',
    { errors: differences.map(fieldError) }
  );
}

function fieldError({ index, externalId, attribute, expected, got }: GoldenDifference) {
  const message = `${externalId}: expected ${JSON.stringify(expected)}, but it would be ${JSON.stringify(got)}`;
  return { path: `golden[${index}].expect.${attribute}`, message };
}
