import { z } from 'zod';

/** A user of every list and look-up, as far as it is read. The profile is what the org made of it. */
export const userShape = z.looseObject({
  id: z.string().min(1),
  status: z.string().min(1),
  created: z.string().nullish(),
  activated: z.string().nullish(),
  statusChanged: z.string().nullish(),
  lastLogin: z.string().nullish(),
  lastUpdated: z.string().nullish(),
  type: z.looseObject({ id: z.string() }).nullish(),
  profile: z.record(z.string(), z.json()),
});
export type OktaUser = z.infer<typeof userShape>;

/** A member of a group: who it is and whether still there is enough. */
export const memberShape = z.looseObject({ id: z.string().min(1), status: z.string().min(1) });

/** A group. `_embedded` is there when the list was asked to expand it. */
export const groupShape = z.looseObject({
  id: z.string().min(1),
  type: z.string().min(1),
  profile: z.looseObject({ name: z.string().min(1), description: z.string().nullish() }).catchall(z.json()),
  _embedded: z
    .looseObject({
      stats: z.looseObject({ usersCount: z.int().min(0) }).nullish(),
      app: z.looseObject({ id: z.string(), name: z.string().nullish(), label: z.string().nullish() }).nullish(),
    })
    .nullish(),
  _links: z.looseObject({ source: z.looseObject({ href: z.string() }).nullish() }).nullish(),
});
export type OktaGroup = z.infer<typeof groupShape>;

export const tokenShape = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
export const organizationShape = z.looseObject({ id: z.string().min(1) });
export const meShape = z.looseObject({ id: z.string().min(1) });
/** Assignments of admin roles; a custom role has no label of a standard one. */
export const rolesShape = z.array(z.looseObject({ type: z.string(), label: z.string().nullish() }));
export type OktaRole = z.infer<typeof rolesShape>[number];
/** How Okta says what is wrong; what stands in front of it answers in other forms. */
export const errorShape = z.looseObject({ errorCode: z.string() });
