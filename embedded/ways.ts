import { EmbeddedServerError, messageOf } from './errors';

/** Tells a person what is going on: one line a step. */
export type Report = (step: string) => void;

/** One way to get a server. `find` fails with the reason why it does not work on this machine. */
export interface Way<T> {
  readonly name: string;
  readonly find: () => Promise<T>;
}

/** The outcome of trying: what was found, or one paragraph about each way that was tried and what to install. */
export type Attempt<T> = { readonly found: T; readonly by: string } | { readonly problem: string };

/** Takes the first way that works, in the order given. */
export async function firstThatWorks<T>(server: string, ways: readonly Way<T>[], advice: string): Promise<Attempt<T>> {
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      return { found: await way.find(), by: way.name };
    } catch (error) {
      reasons.push(`  - ${way.name}: ${messageOf(error)}`);
    }
  }
  return { problem: [`No ${server} could be had:`, ...reasons, `  ${advice}`].join('\n') };
}

/** What was found by both attempts, or one message with the problems of both, so that nobody installs twice. */
export function bothFound<A, B>(a: Attempt<A>, b: Attempt<B>): [A, B] {
  if ('found' in a && 'found' in b) {
    return [a.found, b.found];
  }
  const problems = [a, b].flatMap((attempt) => ('problem' in attempt ? [attempt.problem] : []));
  throw new EmbeddedServerError(problems.join('\n'));
}
