/** What a request was charged, and whether it was too much. */
export interface Charge {
  readonly units: number;
  /** Seconds to wait; null: it passes. */
  readonly retryAfter: number | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Resource units of one application in one tenant. */
export interface Throttle {
  readonly charge: (units: number) => Charge;
  /** Units charged since the start. */
  readonly total: () => number;
  /** Requests that were too much. */
  readonly refused: () => number;
}

const WINDOW_MS = 10_000;
const SMALL = { users: 50, units: 3_500 };
const MEDIUM = { users: 500, units: 5_000 };
const LARGE_UNITS = 8_000;
/** From this part of the limit on answers tell how much of it is used. */
const TOLD_FROM = 0.8;
const MOST_TOLD = 1.8;

/** The limit of a tenant by its size. */
export function unitsOf(users: number): number {
  if (users < SMALL.users) return SMALL.units;
  return users <= MEDIUM.users ? MEDIUM.units : LARGE_UNITS;
}

export function createThrottle(limit: number, now: () => number): Throttle {
  let window = 0;
  let used = 0;
  let total = 0;
  let refused = 0;
  return {
    total: () => total,
    refused: () => refused,
    charge: (units) => {
      const current = Math.floor(now() / WINDOW_MS);
      if (current !== window) used = 0;
      window = current;
      // What is refused counts too.
      used += units;
      total += units;
      const share = used / limit;
      const told = share > TOLD_FROM ? { 'x-ms-throttle-limit-percentage': Math.min(share, MOST_TOLD).toFixed(2) } : {};
      const headers = { 'x-ms-resource-unit': String(units), ...told };
      if (used <= limit) return { units, retryAfter: null, headers };
      refused += 1;
      const retryAfter = Math.max(1, Math.ceil(((current + 1) * WINDOW_MS - now()) / 1_000));
      return {
        units,
        retryAfter,
        headers: {
          ...headers,
          'Retry-After': String(retryAfter),
          'x-ms-throttle-scope': 'Tenant_Application/ReadWrite/rollcall/corp',
          'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
        },
      };
    },
  };
}

interface Costed {
  readonly endpoint: string;
  readonly query: URLSearchParams;
}

const BASE: Readonly<Record<string, number>> = {
  'GET /users': 2,
  'GET /users/{id}/memberOf': 2,
  'GET /users/{id}/transitiveMemberOf': 2,
  'GET /groups/{id}/members': 3,
  'GET /groups/{id}/transitiveMembers': 5,
  'POST /directoryObjects/getByIds': 3,
};
const SMALL_TOP = 20;

/** What a request costs: less for fewer fields and small pages, more for what is expanded, 1 at least. */
export function costOf({ endpoint, query }: Costed): number {
  const top = Number(query.get('$top') ?? SMALL_TOP);
  const discount = (query.has('$select') ? 1 : 0) + (top < SMALL_TOP ? 1 : 0);
  return Math.max(1, (BASE[endpoint] ?? 1) - discount + (query.has('$expand') ? 1 : 0));
}
