import { checkWithScim2Tester, scim2TesterMissing } from '../../bench/support/scim2Tester';
import type { ScimCheck } from '../../bench/support/scim2Tester';
import { scimConnector } from '../api/support/scim';
import { startTestApi } from '../api/support/test-api';

const LIMIT_MS = 10 * 60_000;
const LEAST_CHECKS = 50;
const missing = scim2TesterMissing(process.env);
const inCi = process.env['CI'] !== undefined;

if (missing !== null) {
  process.stderr.write(`Skipped: ${missing}\n`);
  // Where everything is promised to be there, a test that does not run is a failure.
  (inCi ? it : it.skip)(`runs scim2-tester (${missing})`, () => {
    expect(missing).toBeNull();
  });
} else {
  describe('the SCIM server before an independent client', () => {
    it(
      'passes every check of scim2-tester',
      async () => {
        const api = await startTestApi('scim2-tester');
        try {
          const extension = { urn: 'urn:example:2.0:User', attributes: { seats: 'integer', vip: 'boolean' } };
          const { base, token } = await scimConnector(api, 'corp', { extension, requestsPerSecond: 10_000 });
          const checks = await checkWithScim2Tester(process.env, base, token);
          const failed = checks.filter(({ status }) => ['ERROR', 'CRITICAL', 'DEVIATION'].includes(status));
          expect(failed).toEqual([]);
          expect(checks.filter(isPassed).length).toBeGreaterThan(LEAST_CHECKS);
        } finally {
          await api.stop();
        }
      },
      LIMIT_MS
    );
  });
}

function isPassed({ status }: ScimCheck): boolean {
  return status === 'SUCCESS' || status === 'COMPLIANT';
}
