import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { ResponseConfig, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemSchema } from '../views/schemas';
import { PROBLEM_MEDIA_TYPE } from './problem';
import type { Endpoint, ResponseSpec } from './route';

export const API_PREFIX = '/api/v1';
const VERSION = '1';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const idempotencyKey = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,128}$/)
    .optional()
    .meta({ description: 'Makes a repetition of this request harmless; becomes the id of the request' }),
});
const ifMatch = z.object({ 'if-match': z.string().meta({ description: 'The ETag that was read' }) });
const acknowledging = ifMatch.extend({
  'rollcall-acknowledge': z
    .string()
    .optional()
    .meta({ description: 'The hash of a what-if of this configuration: its change is then not held as a whole' }),
});

function responseOf(spec: ResponseSpec): ResponseConfig {
  const { description } = spec;
  if ('schema' in spec) return { description, content: { 'application/json': { schema: spec.schema } } };
  if ('stream' in spec) return { description, content: { [spec.stream]: { schema: spec.item } } };
  return { description };
}

function headersOf(endpoint: Endpoint): z.ZodObject | undefined {
  if (endpoint.acknowledges === true) return acknowledging;
  if (endpoint.conditional === true) return ifMatch;
  return endpoint.method === 'post' || endpoint.method === 'delete' ? idempotencyKey : undefined;
}

function requestOf(endpoint: Endpoint): NonNullable<RouteConfig['request']> {
  const { params, query, body, documentedBody } = endpoint.request;
  const headers = headersOf(endpoint);
  const schema = documentedBody ?? body;
  return {
    ...(params === undefined ? {} : { params: params as z.ZodObject }),
    ...(query === undefined ? {} : { query: query as z.ZodObject }),
    ...(headers === undefined ? {} : { headers }),
    ...(schema === undefined ? {} : { body: { required: true, content: { 'application/json': { schema } } } }),
  };
}

function toRouteConfig(endpoint: Endpoint): RouteConfig {
  const problem: ResponseConfig = {
    description: 'A refusal (4xx), or a failure of this system (5xx)',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
  };
  const responses = Object.entries(endpoint.responses).map(([status, spec]) => [status, responseOf(spec)] as const);
  return {
    method: endpoint.method,
    path: `${API_PREFIX}${endpoint.path}`,
    summary: endpoint.summary,
    description: `Role: ${endpoint.role}.`,
    tags: [endpoint.tag],
    security: [{ bearer: [] }],
    request: requestOf(endpoint),
    responses: { ...Object.fromEntries(responses), default: problem },
  };
}

/** The OpenAPI 3.1 document of the endpoints. */
export function createOpenApiDocument(endpoints: readonly Endpoint[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  for (const endpoint of endpoints) registry.registerPath(toRouteConfig(endpoint));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version: VERSION,
      description: 'Keeps the users and groups of Jira Data Center equal to those of an identity provider.',
    },
  });
}
