/** The variables by which global-setup.ts tells the suites where the servers are. */
export const TEMPORAL_VARIABLE = 'ROLLCALL_TEST_TEMPORAL';
export const MONGODB_VARIABLE = 'ROLLCALL_TEST_MONGODB';
export const BUNDLE_VARIABLE = 'ROLLCALL_TEST_WORKFLOW_BUNDLE';

/** Address of the Temporal server that all suites of the project `server` share. */
export function testTemporalAddress(): string {
  return required(TEMPORAL_VARIABLE);
}

/** URI of the MongoDB that all suites of the project `server` share: take a database of your own (testDatabaseName). */
export function testMongoUri(): string {
  return required(MONGODB_VARIABLE);
}

/** File of the workflow bundle that global-setup.ts made of the sources, once for all suites. */
export function testBundlePath(): string {
  return required(BUNDLE_VARIABLE);
}

/** A database name that no other suite or run uses. */
export function testDatabaseName(suite: string): string {
  return `test-${suite}-${process.pid}-${Date.now().toString(36)}`;
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) {
    throw new Error(
      `${variable} is not set: name the file *.server.test.ts or *.e2e.test.ts and run jest's project 'server'`
    );
  }
  return value;
}
