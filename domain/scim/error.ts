/** Detail error keywords of RFC 7644 3.12, and those that RFC 9865 adds for cursors. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/** A refusal of the protocol. `message` names attributes and places, never the values that were sent. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  constructor(
    readonly status: number,
    readonly scimType: ScimType | null,
    message: string
  ) {
    super(message);
  }
}

export const badRequest = (scimType: ScimType, message: string): ScimError => new ScimError(400, scimType, message);
export const invalidValue = (message: string): ScimError => badRequest('invalidValue', message);
export const invalidSyntax = (message: string): ScimError => badRequest('invalidSyntax', message);
export const invalidFilter = (message: string): ScimError => badRequest('invalidFilter', message);

/** The body of an error answer (RFC 7644 3.12): `status` is a text there. */
export function errorBody(error: ScimError): object {
  return {
    schemas: [ERROR_URN],
    status: String(error.status),
    ...(error.scimType !== null && { scimType: error.scimType }),
    detail: error.message,
  };
}

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';
