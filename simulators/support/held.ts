/** An answer that waits although its effect is done. `clientGone` tells that nobody will read it any more. */
export interface HeldAnswer {
  readonly id: number;
  readonly endpoint: string;
  readonly users: readonly string[];
  readonly since: string;
  readonly clientGone: boolean;
}

export type Release = 'send' | 'drop';

export interface HeldAnswers {
  /** Resolves when the answer is let go: to be sent, or to be dropped because the simulator stops or resets. */
  readonly hold: (endpoint: string, users: readonly string[]) => HeldTicket;
  readonly list: () => readonly HeldAnswer[];
  /** Lets one answer go, or all; answers how many. */
  readonly release: (how: Release, id?: number) => number;
}

export interface HeldTicket {
  readonly released: Promise<Release>;
  readonly clientLeft: () => void;
}

/** Keeps answers back until a test has seen that they wait: the moment at which a kill hurts most. */
export function createHeldAnswers(now: () => number): HeldAnswers {
  const waiting = new Map<number, { answer: HeldAnswer; resolve: (how: Release) => void }>();
  let lastId = 0;

  return {
    hold: (endpoint, users) => {
      lastId += 1;
      const id = lastId;
      const since = new Date(now()).toISOString();
      const released = new Promise<Release>((resolve) => {
        waiting.set(id, { answer: { id, endpoint, users, since, clientGone: false }, resolve });
      });
      return {
        released,
        clientLeft: () => {
          const entry = waiting.get(id);
          if (entry !== undefined) entry.answer = { ...entry.answer, clientGone: true };
        },
      };
    },
    list: () => [...waiting.values()].map((entry) => entry.answer),
    release: (how, id) => {
      const chosen = [...waiting.values()].filter((entry) => id === undefined || entry.answer.id === id);
      for (const entry of chosen) {
        waiting.delete(entry.answer.id);
        entry.resolve(how);
      }
      return chosen.length;
    },
  };
}
