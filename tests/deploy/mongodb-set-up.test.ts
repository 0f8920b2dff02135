import { runInNewContext } from 'node:vm';
import { read } from './support';

const ADMIN_PASSWORD = 'a'.repeat(64);
const PASSWORD = 'b'.repeat(64);

class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly codeName: string
  ) {
    super(`refused: ${codeName}`);
  }
}
class Quit extends Error {}

interface User {
  pwd: string;
  roles: unknown;
}

/** A mongod with a key file, as far as the set-up sees it: users, the rule of the first one, an election that takes time. */
class Server {
  readonly users = new Map<string, User>();
  readonly printed: string[] = [];
  members: unknown = null;
  answersAfter = 0;
  electionTakes = 2;
  slept = 0;
  #isKnown = false;

  /** Runs deploy/mongodb/set-up.js against this server. @returns its exit code, 0 when it came to its end */
  setUp(environment: Record<string, string> = {}): number {
    this.#isKnown = false;
    try {
      runInNewContext(read('deploy/mongodb/set-up.js'), this.#globals(environment));
      return 0;
    } catch (error) {
      if (error instanceof Quit) return 1;
      throw error;
    }
  }

  #globals(environment: Record<string, string>): object {
    const open = (name: string): object => {
      if (this.answersAfter-- > 0) throw new Error('connect ECONNREFUSED');
      return this.#database(name);
    };
    return {
      process: {
        env: {
          MONGODB_ADMIN_PASSWORD: ADMIN_PASSWORD,
          MONGODB_PASSWORD: PASSWORD,
          MONGODB_MEMBER: 'mongodb:27017',
          ...environment,
        },
      },
      Mongo: class {
        getDB = open;
      },
      sleep: () => this.slept++,
      print: (line: string) => this.printed.push(line),
      quit: () => {
        throw new Quit();
      },
    };
  }

  #database(name: string): object {
    const key = (user: string): string => `${name}.${user}`;
    return {
      hello: () => ({
        ok: 1,
        ...(this.members === null ? {} : { setName: 'rollcall' }),
        isWritablePrimary: this.members !== null && this.electionTakes-- <= 0,
      }),
      auth: (user: string, pwd: string) => {
        if (this.users.get(key(user))?.pwd !== pwd) throw new Refusal(18, 'AuthenticationFailed');
        this.#isKnown = true;
        return { ok: 1 };
      },
      runCommand: (command: { replSetInitiate: unknown }) => {
        if (this.members !== null) throw new Refusal(23, 'AlreadyInitialized');
        this.members = command.replSetInitiate;
      },
      createUser: ({ user, ...settings }: User & { user: string }) => {
        if (!this.#isKnown && this.users.size > 0) throw new Refusal(13, 'Unauthorized');
        if (this.users.has(key(user))) throw new Refusal(51003, 'Location51003');
        this.users.set(key(user), settings);
      },
      updateUser: (user: string, settings: User) => this.users.set(key(user), settings),
      getSiblingDB: (other: string) => this.#database(other),
    };
  }
}

describe('deploy/mongodb/set-up.js', () => {
  const readWrite = [{ role: 'readWrite', db: 'rollcall' }];

  it('starts the replica set of a new server and creates both users', () => {
    const server = new Server();
    expect(server.setUp()).toBe(0);
    expect(server.members).toEqual({ _id: 'rollcall', members: [{ _id: 0, host: 'mongodb:27017' }] });
    expect([...server.users]).toEqual([
      ['admin.admin', { pwd: ADMIN_PASSWORD, roles: ['root'] }],
      ['rollcall.rollcall', { pwd: PASSWORD, roles: readWrite }],
    ]);
  });

  it('waits for a server that does not answer yet', () => {
    const server = new Server();
    server.answersAfter = 5;
    expect(server.setUp()).toBe(0);
    expect(server.slept).toBeGreaterThanOrEqual(5);
  });

  it('changes nothing when it runs again', () => {
    const server = new Server();
    server.setUp();
    const before = JSON.stringify([server.members, [...server.users]]);
    expect(server.setUp()).toBe(0);
    expect(JSON.stringify([server.members, [...server.users]])).toBe(before);
  });

  it('goes on where an earlier one was stopped: the replica set is there, the users are not', () => {
    const server = new Server();
    server.members = { _id: 'rollcall' };
    expect(server.setUp()).toBe(0);
    expect([...server.users.keys()]).toEqual(['admin.admin', 'rollcall.rollcall']);
  });

  it('gives the user of Rollcall the password that is set now', () => {
    const server = new Server();
    server.setUp();
    expect(server.setUp({ MONGODB_PASSWORD: 'c'.repeat(64) })).toBe(0);
    expect(server.users.get('rollcall.rollcall')).toEqual({ pwd: 'c'.repeat(64), roles: readWrite });
  });

  it('refuses another admin password than the one it was created with, and shows neither', () => {
    const server = new Server();
    server.setUp();
    expect(server.setUp({ MONGODB_ADMIN_PASSWORD: 'd'.repeat(64) })).toBe(1);
    const said = server.printed.join('\n');
    expect(said).toContain('MONGODB_ADMIN_PASSWORD is not the one');
    expect(said).not.toMatch(/a{64}|b{64}|d{64}/);
  });

  it('gives up on a server that never answers, and says so', () => {
    const server = new Server();
    server.answersAfter = 1_000;
    expect(server.setUp()).toBe(1);
    expect(server.printed).toEqual([expect.stringContaining('did not happen within 180 s')]);
  });
});
