import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Problem } from './problem';
import { ROLES } from './route';
import type { Principal, Role } from './route';

/** The one token of an installation; tokens with smaller roles come from the store later. */
export interface AdminToken {
  readonly token: string;
}

const CHALLENGE = 'Bearer realm="rollcall"';
const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Compares in constant time; the digests also hide the length. */
export function sameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function bearer(header: string | undefined): string | null {
  const match = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(header ?? '');
  return match?.[1] ?? null;
}

function refuse(error: string | null, detail: string): Problem {
  const challenge = error === null ? CHALLENGE : `${CHALLENGE}, error="${error}"`;
  return new Problem('unauthorized', detail, { headers: { 'WWW-Authenticate': challenge } });
}

/**
 * Finds out who asks by the bearer token (RFC 6750).
 * @throws Problem unauthorized with WWW-Authenticate
 */
export function identify(header: string | undefined, adminToken: string): Principal {
  const token = bearer(header);
  if (token === null) throw refuse(null, 'Send the header "Authorization: Bearer <token>".');
  if (!sameToken(token, adminToken)) throw refuse('invalid_token', 'The token is not known.');
  return { name: 'admin', role: 'admin' };
}

/** @throws Problem forbidden when the role does not reach */
export function requireRole(principal: Principal, needed: Role): void {
  if (ROLES.indexOf(principal.role) >= ROLES.indexOf(needed)) return;
  throw new Problem('forbidden', `This needs the role ${needed}; the token has ${principal.role}.`);
}

/** Refuses every request without a valid token, before its body is read. */
export function authenticate(adminToken: string): RequestHandler {
  return (request, response, next) => {
    response.locals.principal = identify(request.headers.authorization, adminToken);
    next();
  };
}
