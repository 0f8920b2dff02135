/** One person of a test's CSV file. */
export interface Row {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
  readonly active: boolean;
  readonly groups: readonly string[];
}

const TEAMS = 5;

/** Person `n`, in `all` and in one of five teams. */
export function person(n: number): Row {
  return {
    id: `id-${n}`,
    username: `user${n}`,
    email: `user${n}@example.com`,
    displayName: `User ${n}`,
    active: true,
    groups: ['all', `team-${n % TEAMS}`],
  };
}

/** People 1..count. */
export const people = (count: number): Row[] => Array.from({ length: count }, (_, index) => person(index + 1));

/** People with some of them changed: by number, 1 is the first. */
export function changed(rows: readonly Row[], numbers: readonly number[], change: Partial<Row>): Row[] {
  return rows.map((row, index) => (numbers.includes(index + 1) ? { ...row, ...change } : row));
}

/** 1..count */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

export const toCsv = (rows: readonly Row[]): string =>
  [
    'id,username,email,displayName,active,groups',
    ...rows.map((row) =>
      [row.id, row.username, row.email, row.displayName, String(row.active), row.groups.join(';')].join(',')
    ),
    '',
  ].join('\n');
