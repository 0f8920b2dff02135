import { z } from 'zod';

/** A user, as far as it is looked at; everything else of it becomes an attribute as it came. */
export const userShape = z
  .looseObject({
    id: z.string().min(1),
    primaryEmail: z.string().min(1),
    suspended: z.boolean().nullish(),
    archived: z.boolean().nullish(),
    orgUnitPath: z.string().nullish(),
    thumbnailPhotoEtag: z.string().nullish(),
  })
  .catchall(z.json());
export type GoogleUser = z.infer<typeof userShape>;

export const idShape = z.looseObject({ id: z.string().min(1) });

/** A group. The number of members is a text and counts direct members only. */
export const groupShape = z.looseObject({
  id: z.string().min(1),
  email: z.string().min(1),
  name: z.string().nullish(),
  description: z.string().nullish(),
  directMembersCount: z.string().regex(/^\d+$/).nullish(),
});
export type GoogleGroup = z.infer<typeof groupShape>;

/** A direct member. One of another organisation may have no id, and everybody of the domain has no address. */
export const memberShape = z.looseObject({
  id: z.string().min(1).nullish(),
  email: z.string().nullish(),
  type: z.string().min(1),
});
export type GoogleMember = z.infer<typeof memberShape>;

export const photoShape = z.looseObject({ photoData: z.string().min(1) });
export const tokenShape = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** How Google says what is wrong. */
export const errorShape = z.looseObject({
  error: z.looseObject({ errors: z.array(z.looseObject({ reason: z.string() })).min(1) }),
});
