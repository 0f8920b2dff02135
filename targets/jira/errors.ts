import { TargetError } from '../target';
import { isWebPage, isWrite, rootOf, type Answer, type JiraCall } from './answer';
import { retryAfterMs, waitAfterRefusal } from './rateLimit';
import { REMEDY } from './remedies';
import type { JiraAuth } from './settings';
import { refusalShape } from './shapes';

export interface ErrorContext {
  readonly baseUrl: string;
  readonly auth: JiraAuth['type'];
  /** From 0 (included) to 1 (excluded), drawn for this answer. */
  readonly jitter: number;
}

/** Texts of Jira's that no status and no field replaces; without a match the error is only less exact. */
const XSRF_TEXT = /XSRF check failed/i;
const BASIC_DISABLED_TEXT = /Basic Auth\w* has been disabled/i;
/** Jira answers with a bare message key where it has no text for it. */
const MESSAGE_KEY = /^(error|admin\.errors?)(\.[a-z0-9-]+)+$/;

/**
 * What an answer that is no success means; null for one that is. A 200 can be a failed login: Jira then sends an
 * empty body and says so in a header only (JRA-41559).
 */
export function refusalOf(answer: Answer, call: JiraCall, context: ErrorContext): TargetError | null {
  if (answer.status === 429) return rateLimited(answer, call, context);
  const login = loginRefusal(answer, call, context);
  if (login !== null) return error('authentication', call, login.text, answer, { remedy: login.remedy });
  if (answer.status >= 200 && answer.status < 300) return null;
  if (answer.status < 400) return redirected(answer, call, context);
  if (answer.status >= 500 || answer.status === 408) return failed(answer, call);
  return refused(answer, call, context);
}

/** An answer that says "done" but is not what was to be expected. */
export function wrongShape(answer: Answer, call: JiraCall): TargetError {
  if (isWrite(call)) return error('ambiguous', call, 'the answer is not Jira data, so the effect is unknown', answer);
  return error(
    'configuration',
    call,
    isWebPage(answer) ? WEB_PAGE : 'the answer does not have the shape of Jira data',
    answer,
    { remedy: REMEDY.address }
  );
}

/** A request without an answer. `code` is the system's or the HTTP library's; never its message, which may quote data. */
export function transportError(code: string, call: JiraCall): TargetError {
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return error('configuration', call, `the encrypted connection cannot be trusted or made (${code})`, null, {
      remedy: REMEDY.tls,
    });
  }
  if (code === TOO_LARGE && !isWrite(call)) {
    return error('configuration', call, 'the answer is larger than any that is read at once');
  }
  return error('ambiguous', call, `no answer from Jira (${code})`);
}

const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** Not 'permission': nothing that happens in front of Jira may look like a refusal of one account. */
const FORBIDDEN_BEFORE = 'forbidden, but not by Jira itself: a proxy, firewall or allowlist stands before it';
const WEB_PAGE =
  'a web page came instead of data: baseUrl lacks the context path, or single sign-on or a proxy stands before /rest';

function rateLimited(answer: Answer, call: JiraCall, context: ErrorContext): TargetError {
  const wait = waitAfterRefusal(answer.headers, context.jitter);
  if (wait === 'blocked') {
    return error(
      'configuration',
      call,
      'blocked by administrator: rate limiting allows this account no request',
      answer,
      { remedy: REMEDY.blocked }
    );
  }
  return error('rateLimited', call, 'too many requests', answer, { waitMs: wait });
}

interface Refusal {
  readonly text: string;
  readonly remedy: string;
}

function loginRefusal(answer: Answer, call: JiraCall, context: ErrorContext): Refusal | null {
  const reason = answer.headers['x-seraph-loginreason'] ?? '';
  const denied = answer.headers['x-authentication-denied-reason'] ?? '';
  if (denied.includes('CAPTCHA_CHALLENGE') || reason.includes('AUTHENTICATION_DENIED')) {
    const url = loginUrl(denied, context.baseUrl);
    return {
      text: `Jira asks for a CAPTCHA after failed logins: log in once at ${url}`,
      remedy: `Log in once in a browser as this account at ${url}. A personal access token (Jira 8.14 and later) never meets a CAPTCHA.`,
    };
  }
  if (answer.status === 403 && BASIC_DISABLED_TEXT.test(answer.text)) {
    return {
      text: 'Basic authentication is disabled in this Jira: use a personal access token',
      remedy: REMEDY.basicDisabled,
    };
  }
  const anonymous = answer.status < 300 && answer.headers['x-ausername'] === 'anonymous' && call.open !== true;
  if (answer.status !== 401 && !reason.includes('AUTHENTICATED_FAILED') && !anonymous) return null;
  return context.auth === 'pat'
    ? {
        text: 'Jira does not accept the personal access token: it is wrong, expired or revoked',
        remedy: REMEDY.token,
      }
    : { text: 'Jira does not accept the user name and password', remedy: REMEDY.password };
}

/** Only an address of the same Jira is passed on: the header is the server's word, and an admin will click on it. */
function loginUrl(denied: string, baseUrl: string): string {
  const given = /login-url=([^\s;]+)/.exec(denied)?.[1];
  const own = new URL(`${baseUrl}/login.jsp`);
  const url = given !== undefined && URL.canParse(given) ? new URL(given) : own;
  return url.origin === own.origin ? `${url.origin}${url.pathname}` : own.href;
}

function redirected(answer: Answer, call: JiraCall, context: ErrorContext): TargetError {
  const location = answer.headers.location ?? '';
  const to = URL.canParse(location, context.baseUrl) ? new URL(location, context.baseUrl).origin : 'an unknown place';
  return error(
    'configuration',
    call,
    `redirected to ${to}: baseUrl is not Jira's own address, or single sign-on stands before /rest`,
    answer,
    { remedy: REMEDY.redirect }
  );
}

function failed(answer: Answer, call: JiraCall): TargetError {
  return error('ambiguous', call, 'Jira or a proxy before it failed', answer, { waitMs: retryAfterMs(answer.headers) });
}

function refused(answer: Answer, call: JiraCall, context: ErrorContext): TargetError {
  const refusal = refusalShape.safeParse(answer.json);
  const texts = refusal.success ? refusal.data.errorMessages : [];
  const fields = refusal.success ? Object.keys(refusal.data.errors) : [];
  if (answer.status === 403 && XSRF_TEXT.test(answer.text)) {
    return error('configuration', call, 'XSRF check failed: a proxy changes Origin, Referer or User-Agent', answer, {
      remedy: REMEDY.xsrf,
    });
  }
  if (answer.status === 403 && answer.json === undefined) {
    return error('configuration', call, FORBIDDEN_BEFORE, answer, { remedy: REMEDY.forbiddenBefore });
  }
  if (answer.status === 403) return error('permission', call, 'the sync account may not do this', answer);
  // Anything but Jira's own words "there is none" would turn a wrong address into "everybody is gone".
  if (answer.status === 404 && texts.length + fields.length > 0) return error('notFound', call, 'not found', answer);
  if (answer.status === 404 || answer.status === 405 || isWebPage(answer)) {
    return error('configuration', call, `nothing answers as Jira at ${context.baseUrl}${rootOf(call)}`, answer, {
      remedy: REMEDY.address,
    });
  }
  return error('invalid', call, `refused${details(texts, fields)}`, answer);
}

function details(texts: readonly string[], fields: readonly string[]): string {
  const words = [...fields.filter((field) => /^\w+$/.test(field)), ...texts.filter((text) => MESSAGE_KEY.test(text))];
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
}

function error(
  kind: TargetError['kind'],
  call: JiraCall,
  text: string,
  answer: Answer | null = null,
  more: { readonly waitMs?: number | null; readonly remedy?: string } = {}
): TargetError {
  const status = answer === null ? '' : ` (status ${answer.status})`;
  return new TargetError(kind, `${call.step}: ${text}${status}`, answer?.status ?? null, more.waitMs ?? null, {
    remedy: more.remedy,
  });
}
