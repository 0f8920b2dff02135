import type { Fields } from './objects';

/** What a delta link remembers. */
export interface DeltaMark {
  readonly seq: number;
  /** The query of the first request. */
  readonly select: string | null;
}

/** Rounds of delta queries that are being read, and the links that they ended with. */
export interface Rounds {
  /** Keeps the rows of a round; answers its id. */
  readonly start: (rows: readonly Fields[], mark: DeltaMark) => string;
  readonly find: (id: string) => { readonly rows: readonly Fields[]; readonly mark: DeltaMark } | undefined;
  readonly tokenOf: (mark: DeltaMark) => string;
  /** 'old': it was good for a week; 'unknown': it is none. */
  readonly markOf: (token: string) => DeltaMark | 'old' | 'unknown';
  /** Ends every link that was given out. */
  readonly expireAll: () => void;
}

const GOOD_FOR_MS = 7 * 86_400_000;
const ROUNDS_KEPT = 50;

export function createRounds(now: () => number): Rounds {
  const rounds = new Map<string, { readonly rows: readonly Fields[]; readonly mark: DeltaMark }>();
  let lastId = 0;
  let generation = 0;
  return {
    start: (rows, mark) => {
      lastId += 1;
      rounds.set(String(lastId), { rows, mark });
      rounds.delete(String(lastId - ROUNDS_KEPT));
      return String(lastId);
    },
    find: (id) => rounds.get(id),
    tokenOf: (mark) => encodeToken({ ...mark, at: now(), generation }),
    markOf: (token) => {
      const { seq, select, at, generation: own } = decodeToken(token);
      if (typeof seq !== 'number' || typeof at !== 'number') return 'unknown';
      if (own !== generation || now() - at > GOOD_FOR_MS) return 'old';
      return { seq, select: typeof select === 'string' ? select : null };
    },
    expireAll: () => {
      generation += 1;
    },
  };
}

/** Tokens look like nothing: who reads them is told so by a test. */
export const encodeToken = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function decodeToken(token: string): Fields {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}
