import { z } from 'zod';

const text = z.string().nullish();

/** A user as far as it is read; other properties that were selected stay with it. */
export const userShape = z.looseObject({
  id: z.string().min(1),
  userPrincipalName: z.string(),
  accountEnabled: z.boolean().nullish(),
  externalUserState: text,
});
export type GraphUser = z.infer<typeof userShape>;

export const groupShape = z.looseObject({
  id: z.string().min(1),
  displayName: text,
  description: text,
  mailNickname: text,
  securityEnabled: z.boolean().nullish(),
  mailEnabled: z.boolean().nullish(),
  groupTypes: z.array(z.string()).nullish(),
  visibility: text,
});
export type GraphGroup = z.infer<typeof groupShape>;

export const memberShape = z.looseObject({ id: z.string().min(1), '@odata.type': z.string() });
export type GraphMember = z.infer<typeof memberShape>;

/** A row of a delta round: an object, or that it is gone. */
export const changedShape = z.looseObject({ id: z.string().min(1), '@removed': z.looseObject({}).nullish() });

/** What is common to the pages of lists and of delta rounds. */
export const pageShape = <T extends z.ZodType>(row: T) =>
  z.looseObject({
    value: z.array(row),
    '@odata.nextLink': z.string().optional(),
    '@odata.deltaLink': z.string().optional(),
    '@odata.count': z.int().min(0).optional(),
  });

export interface GraphPage<T> {
  readonly rows: readonly T[];
  readonly nextLink: string | null;
  readonly deltaLink: string | null;
  /** Only the first page has it, where it was asked for. */
  readonly count: number | null;
}

export const tokenShape = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
/** How the log-in refuses; the first code says more than the word. */
export const tokenErrorShape = z.looseObject({ error: z.string(), error_codes: z.array(z.int()).optional() });

export const batchShape = z.looseObject({
  responses: z.array(
    z.looseObject({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    })
  ),
});
