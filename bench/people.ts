/** One generated person of a bench. */
export interface BenchPerson {
  readonly n: number;
  readonly groups: readonly string[];
}

const GROUPS_EACH = 3;

/** People 1..users, each in three of the groups; the same for the same numbers. */
export function benchPeople(users: number, groups: number): BenchPerson[] {
  return Array.from({ length: users }, (_, index) => ({
    n: index + 1,
    groups: [...new Set(Array.from({ length: GROUPS_EACH }, (_group, k) => `group-${(index * 7 + k * 13) % groups}`))],
  }));
}

export function benchCsv(people: readonly BenchPerson[]): string {
  const rows = people.map(
    ({ n, groups }) => `id-${n},user${n},user${n}@example.com,User ${n},true,${groups.join(';')}`
  );
  return ['id,username,email,displayName,active,groups', ...rows, ''].join('\n');
}
