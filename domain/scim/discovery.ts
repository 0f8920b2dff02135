import type { AttributeRecord } from '../model';
import type { ScimAttribute, ScimSchema } from './attribute';
import type { ScimKind, ScimKinds } from './kinds';
import { DEFAULT_PAGE, MAX_PAGE } from './list-query';
import { URNS } from './urns';

/** Filters that no index answers look at so many resources at most. */
export const SCAN_LIMIT = 10_000;

/** The documents of RFC 7643 5-7, as `base` (the address of the server, without a slash at its end) shows them. */
export interface Discovery {
  readonly serviceProviderConfig: AttributeRecord;
  readonly resourceTypes: readonly AttributeRecord[];
  readonly schemas: readonly AttributeRecord[];
}

export function discoveryOf(kinds: ScimKinds, base: string): Discovery {
  const all = [kinds.User, kinds.Group];
  const schemas = all.flatMap(({ schema, extensions }) => [schema, ...extensions]);
  return {
    serviceProviderConfig: serviceProviderConfig(base),
    resourceTypes: all.map((kind) => resourceType(kind, base)),
    schemas: schemas.map((schema) => schemaView(schema, base)),
  };
}

/** Exactly what works (RFC 7643 5, RFC 9865 4). */
function serviceProviderConfig(base: string): AttributeRecord {
  return {
    schemas: [URNS.serviceProviderConfig],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_PAGE },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: DEFAULT_PAGE,
      maxPageSize: MAX_PAGE,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that an administrator made for this connector',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 client credentials',
        description: 'A token of the token endpoint, /oauth/token under this address',
        specUri: 'https://www.rfc-editor.org/info/rfc6749',
        primary: false,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

function resourceType({ name, endpoint, schema, extensions }: ScimKind, base: string): AttributeRecord {
  return {
    schemas: [URNS.resourceType],
    id: name,
    name,
    endpoint,
    description: schema.description,
    schema: schema.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  };
}

function schemaView({ id, name, description, attributes }: ScimSchema, base: string): AttributeRecord {
  return {
    schemas: [URNS.schema],
    id,
    name,
    description,
    attributes: attributes.map(attributeView),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  };
}

function attributeView({ subAttributes, canonicalValues, referenceTypes, ...rest }: ScimAttribute): AttributeRecord {
  return {
    ...rest,
    ...(canonicalValues !== undefined && { canonicalValues }),
    ...(referenceTypes !== undefined && { referenceTypes }),
    ...(subAttributes !== undefined && { subAttributes: subAttributes.map(attributeView) }),
  };
}
