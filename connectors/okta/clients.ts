import type { CallLimiter } from '../../domain/call-limiter';
import { ProviderError } from '../errors';
import { createHttpClient, type HttpCall, type HttpClient, type HttpClientOptions } from '../http';
import {
  apiTokenSource,
  appTokenSource,
  READ_SCOPES,
  requestToken,
  ROLE_SCOPE,
  serviceAppOf,
  type AppTokens,
} from './auth';
import { oktaMeaning, oktaPace } from './rates';
import type { OktaSettings } from './settings';
import { meShape, rolesShape, type OktaRole } from './shapes';

/** Clock, patience and shared budget; the defaults are those of connectors/http.ts and connectors/token.ts. */
export interface OktaOptions {
  readonly limiter?: CallLimiter | undefined;
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** The org as one credential reaches it. */
export interface OktaClients {
  readonly http: HttpClient;
  /** Proves the credential; how many milliseconds it is good, null for an API token. */
  logIn(signal: AbortSignal): Promise<number | null>;
  /** Admin roles of the service app or of the token's owner; null where they may not be read. */
  roles(signal: AbortSignal): Promise<readonly OktaRole[] | null>;
  close(): Promise<void>;
}

const CONCURRENCY = 4;
const ME: HttpCall = { step: 'find the owner of the API token', path: '/api/v1/users/me' };

export function createOktaClients(settings: OktaSettings, options: OktaOptions): OktaClients {
  const app = serviceAppOf(settings);
  const { baseUrl, apiToken } = settings;
  if (app === null) return tokenClients(commonOf(settings, options), apiToken ?? '');
  const tokens = (scope: string, http: () => HttpClient): AppTokens => ({ http, baseUrl, app, scope });
  const clientFor = (scope: string): HttpClient => {
    const http: HttpClient = createHttpClient({
      ...commonOf(settings, options),
      tokens: appTokenSource(
        tokens(scope, () => http),
        options.now
      ),
      unauthorized: 'see that the service app is active and that its key is still registered',
    });
    return http;
  };
  const http = clientFor(READ_SCOPES);
  const roleHttp = clientFor(ROLE_SCOPE);
  const rolesCall: HttpCall = {
    step: 'read the roles of the app',
    path: `/oauth2/v1/clients/${encodeURIComponent(app.clientId)}/roles`,
  };
  return {
    http,
    logIn: async (signal) =>
      (
        await requestToken(
          tokens(READ_SCOPES, () => http),
          signal
        )
      ).lifetimeMs,
    roles: (signal) => unlessRefused(roleHttp.read(rolesCall, rolesShape, signal)),
    close: async () => {
      await Promise.all([http.close(), roleHttp.close()]);
    },
  };
}

function tokenClients(common: HttpClientOptions, apiToken: string): OktaClients {
  const http = createHttpClient({
    ...common,
    tokens: apiTokenSource(apiToken),
    scheme: 'SSWS',
    unauthorized: 'the API token was revoked, or not used for 30 days: create another one',
  });
  const me = async (signal: AbortSignal): Promise<string> => (await http.read(ME, meShape, signal)).id;
  return {
    http,
    logIn: async (signal) => {
      await me(signal);
      return null;
    },
    roles: async (signal) => {
      const path = `/api/v1/users/${encodeURIComponent(await me(signal))}/roles`;
      return unlessRefused(http.read({ step: "read the roles of the token's owner", path }, rolesShape, signal));
    },
    close: () => http.close(),
  };
}

function commonOf({ baseUrl, quotaShare }: OktaSettings, { limiter, timeoutMs }: OktaOptions): HttpClientOptions {
  return {
    service: 'Okta',
    baseUrl,
    concurrency: CONCURRENCY,
    limiter,
    paceOf: (answer) => oktaPace(answer, quotaShare),
    meaningOf: oktaMeaning,
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

/** Nobody has to let roles be read: without the permission they are not known. */
async function unlessRefused(roles: Promise<readonly OktaRole[]>): Promise<readonly OktaRole[] | null> {
  try {
    return await roles;
  } catch (error) {
    if (error instanceof ProviderError && ['permission', 'authentication', 'configuration'].includes(error.kind)) {
      return null;
    }
    throw error;
  }
}
