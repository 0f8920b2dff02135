import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { TargetError } from '../target';
import { isLoopback, type JiraTargetOptions, type JiraTargetSettings } from './settings';

/** @default of `largestAnswerBytes`: a page of 1,000 accounts is about 1.5 MB, one of 2,000 twice that. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * The way to one Jira: by the proxy of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY, also in small letters) unless
 * it is on this machine, with the client certificate and the trust that the settings name.
 * @throws TargetError 'configuration' when certificate, key and passphrase do not belong together
 */
export function createTransport(baseUrl: string, settings: JiraTargetSettings, options: JiraTargetOptions): Dispatcher {
  const { hostname } = new URL(baseUrl);
  const tls = tlsOptions(settings);
  const common = {
    connections: settings.concurrency,
    // Each request has its own clock, which also covers the body.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: options.largestAnswerBytes ?? LARGEST_ANSWER_BYTES,
    connect: { timeout: options.httpTimeoutMs, ...tls },
  };
  if (isLoopback(hostname)) return new Agent(common);
  // Behind a proxy the server's name is not taken from the request once there are options of one's own.
  const servername = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {};
  return new EnvHttpProxyAgent({ ...common, requestTls: { timeout: options.httpTimeoutMs, ...tls, ...servername } });
}

/** Only what is configured: an own CA is then the only one that is trusted. */
function tlsOptions({ tls }: JiraTargetSettings): SecureContextOptions {
  if (tls === undefined) return {};
  const options = Object.fromEntries(Object.entries(tls).filter(([, text]) => text !== undefined));
  try {
    // An authority that is none would be passed over in silence.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new TargetError('configuration', `tls: certificate, key and passphrase cannot be used (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'unreadable';
}
