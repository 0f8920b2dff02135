import type { CallLimiter } from '../../domain/call-limiter';
import { TargetError } from '../target';

export type JiraAuth =
  | { readonly type: 'pat'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string };

/** What a Jira target needs to be reached. `baseUrl` includes the context path, e.g. `https://jira.example.com/jira`. */
export interface JiraTargetSettings {
  readonly id: string;
  readonly type: 'jira';
  readonly baseUrl: string;
  readonly auth: JiraAuth;
  /** The most requests that are open at one moment. */
  readonly concurrency: number;
  /** Credentials may cross a network in clear. @default false */
  readonly allowHttp?: boolean | undefined;
  readonly tls?: JiraTls | undefined;
  readonly crowd?: CrowdCredentials | undefined;
}

/** An application of "Jira User Server", for the way beside /rest/api/2 that sees groups within groups. */
export interface CrowdCredentials {
  readonly application: string;
  readonly password: string;
}

/** PEM texts for https. */
export interface JiraTls {
  /** Certificates of the authorities that are trusted, instead of the usual ones. */
  readonly ca?: string | undefined;
  /** The client's own certificate and its key: both or neither. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Of the key. */
  readonly passphrase?: string | undefined;
}

/** One request that is over. */
export interface AnsweredCall {
  readonly method: string;
  /** What it was for, the same text for everybody. */
  readonly step: string;
  /** Null: no answer came. */
  readonly status: number | null;
  readonly seconds: number;
}

export interface JiraTargetOptions {
  /** Milliseconds until a request is given up. */
  readonly httpTimeoutMs: number;
  /** A number from 0 (included) to 1 (excluded) that spreads waiting clients. @default Math.random */
  readonly jitter?: (() => number) | undefined;
  /** Shared with others who call the same Jira; without it `concurrency` bounds this client alone. */
  readonly limiter?: CallLimiter | undefined;
  /** Told of every request that was sent, when it is over. */
  readonly onAnswer?: ((call: AnsweredCall) => void) | undefined;
  /** Answers that are larger are refused. @default 16 MB */
  readonly largestAnswerBytes?: number | undefined;
  /** Opens the methods that delete and anonymize accounts. @default false */
  readonly erasure?: boolean | undefined;
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name, as in a URL, stands for this machine. */
export const isLoopback = (hostname: string): boolean => LOOPBACK_HOST.test(hostname);

/**
 * The base URL without a slash at its end.
 * @throws TargetError 'configuration' for anything but http(s), for credentials, query or fragment in the URL,
 * and for http to another machine without `allowHttp`.
 */
export function checkedBaseUrl(settings: Pick<JiraTargetSettings, 'baseUrl' | 'allowHttp'>): string {
  const url = URL.canParse(settings.baseUrl) ? new URL(settings.baseUrl) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TargetError('configuration', 'baseUrl is not an address that starts with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new TargetError('configuration', 'baseUrl must not hold credentials: they belong in auth');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TargetError('configuration', 'baseUrl must not hold a query or a fragment');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && settings.allowHttp !== true) {
    throw new TargetError(
      'configuration',
      'baseUrl uses http, which sends the credentials in clear: use https, or set allowHttp: true'
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/**
 * The value of the Authorization header: a personal access token as Bearer (Jira 8.14 and later), else Basic.
 * @throws TargetError 'configuration' for a token that cannot be one, such as one with a line break at its end
 */
export function authorization(auth: JiraAuth): string {
  switch (auth.type) {
    case 'pat':
      if (!/^[\x21-\x7e]+$/.test(auth.token)) {
        throw new TargetError('configuration', 'the personal access token holds blanks or characters no token has');
      }
      return `Bearer ${auth.token}`;
    case 'basic':
      return `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}`;
  }
}
