import { z } from 'zod';
import { exampleSchema } from '../../config/golden';
import { tryPerson } from '../../domain/try-person';
import type { AttributeRecord } from '../../domain/model';
import { getConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { currentConfiguration, writtenConfiguration } from '../stored-configuration';
import { triedSchema } from '../views/mapping';
import { jsonObject, nameId } from '../views/schemas';

const params = z.object({ id: nameId });
const section = jsonObject.optional();

const bodySchema = z.strictObject({
  user: exampleSchema.meta({
    description:
      'A person as the source delivers him: {id, active, groups: [name or {id, name, attributes}], attributes}',
  }),
  existing: z
    .strictObject({
      username: z.string().max(1_000),
      email: z.string().max(1_000).nullable().default(null),
      displayName: z.string().max(1_000).default(''),
      active: z.boolean().default(true),
      groups: z.array(z.string().max(1_000)).max(10_000).default([]),
    })
    .nullable()
    .default(null)
    .meta({ description: 'The account that the target has, for expressions that look at it' }),
  with: z
    .strictObject({ mapping: section, scope: section, groups: section })
    .default({})
    .meta({ description: 'Sections of the configuration to try in place of the stored ones' }),
});

/** Trying a mapping: nothing is read from the source, nothing is stored. */
export function mappingRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [
    route({
      method: 'post',
      path: '/connectors/{id}/mapping/try',
      tag: 'connectors',
      role: 'viewer',
      summary: 'Show what scope and mapping make of a person, step by step',
      request: { params, body: bodySchema },
      responses: { 200: { description: 'The person, and how each attribute came about', schema: triedSchema } },
      handler: async ({ params: { id }, body }) => {
        const connector = await getConnector(deps.store, id);
        const changes = Object.entries(body.with).filter(([, given]) => given !== undefined);
        const settings =
          changes.length === 0
            ? await currentConfiguration(deps, connector)
            : deps.configuration.parseConnector({
                ...(await writtenConfiguration(deps, connector)),
                ...(Object.fromEntries(changes) as AttributeRecord),
              });
        return { status: 200, body: tryPerson(body.user, settings, { existing: body.existing }) };
      },
    }),
  ];
}
