import type { z } from 'zod';

/** What a token may do; each role includes the ones before it. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. `name` is what audit events and approvals show. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
}

export type Method = 'get' | 'post' | 'put' | 'delete';

/** A response with a JSON body, with a body that is streamed as text chunks, or without one. */
export type ResponseSpec =
  | { readonly description: string; readonly schema: z.ZodType }
  | {
      readonly description: string;
      readonly stream: 'application/json' | 'application/x-ndjson';
      readonly item: z.ZodType;
    }
  | { readonly description: string; readonly empty: true };

export type ResponseSpecs = Readonly<Record<number, ResponseSpec>>;

type BodyOf<S extends ResponseSpec> = S extends { readonly schema: infer Z extends z.ZodType }
  ? z.output<Z>
  : S extends { readonly stream: string }
    ? AsyncIterable<string>
    : undefined;

/** What a handler returns: one of the declared statuses with the body declared for it. */
export type Reply<R extends ResponseSpecs> = {
  [K in keyof R & number]: {
    readonly status: K;
    readonly body: BodyOf<R[K]>;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof R & number];

/** A validated request. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: Principal;
  /** The Idempotency-Key, or a new id: the id of the request this call makes. */
  readonly requestId: string;
  /** The version named by If-Match; 0 where the route does not ask for one. */
  readonly ifMatch: number;
  /** The hash of Rollcall-Acknowledge; null without one, and where the route does not take it. */
  readonly acknowledge: string | null;
}

export interface RouteDefinition<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends ResponseSpecs = ResponseSpecs,
> {
  readonly method: Method;
  /** As in OpenAPI: `/connectors/{id}`; relative to /api/v1. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly role: Role;
  readonly request: {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    /** What /openapi.json shows as the body where the handler checks it further than `body` does. */
    readonly documentedBody?: z.ZodType;
  };
  /** A PUT that needs If-Match (428 without). */
  readonly conditional?: true;
  /** Takes the header Rollcall-Acknowledge: the hash of a what-if (rules 4.4). */
  readonly acknowledges?: true;
  readonly responses: R;
}

/** A route whose types are checked and forgotten; what the router and OpenAPI work with. */
export interface Endpoint extends RouteDefinition {
  readonly handler: (call: Call<unknown, unknown, unknown>) => Promise<Reply<ResponseSpecs>>;
}

/**
 * Declares a route once: the router, the validation, the types of the handler and /openapi.json all come from it.
 * Handlers throw Problem (problem.ts) for refusals.
 */
export function route<
  R extends ResponseSpecs,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(
  definition: RouteDefinition<P, Q, B, R> & {
    readonly handler: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply<NoInfer<R>>>;
  }
): Endpoint {
  // The router hands in only what the schemas of this definition parsed.
  return definition as unknown as Endpoint;
}
