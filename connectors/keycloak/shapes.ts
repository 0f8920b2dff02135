import { z } from 'zod';

/** Values of a user's or group's own attributes: Keycloak keeps a list for each. */
const attributes = z.record(z.string(), z.array(z.string().nullable())).nullish();

/**
 * UserRepresentation, as far as it is read. A key is absent where there is no value. Lists and counts of users leave out the
 * accounts of clients by themselves.
 */
export const userShape = z.looseObject({
  id: z.string().min(1),
  username: z.string().min(1),
  enabled: z.boolean(),
  email: z.string().nullish(),
  emailVerified: z.boolean().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  createdTimestamp: z.number().nullish(),
  federationLink: z.string().nullish(),
  attributes,
});
export type KeycloakUser = z.infer<typeof userShape>;

/** GroupRepresentation. `subGroupCount` is there since Keycloak 23; `subGroups` is empty in lists since then. */
export const groupShape = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  path: z.string().min(1),
  description: z.string().nullish(),
  /** There since Keycloak 23 for a group that is not at the top. */
  parentId: z.string().nullish(),
  subGroupCount: z.int().min(0).nullish(),
  attributes,
});
export type KeycloakGroup = z.infer<typeof groupShape>;

/** A row of a group's members: the brief form is enough. */
export const memberShape = z.looseObject({ id: z.string().min(1), username: z.string().min(1) });
export type KeycloakMember = z.infer<typeof memberShape>;

export const tokenShape = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
export const realmShape = z.looseObject({ realm: z.string() });
/** /users/count answers a bare number, /groups/count an object. */
export const userCountShape = z.int().min(0);
export const groupCountShape = z.looseObject({ count: z.int().min(0) });
/** How Keycloak says that something is not there; what stands in front of it answers a 404 in other forms. */
export const errorShape = z.looseObject({ error: z.string() });
