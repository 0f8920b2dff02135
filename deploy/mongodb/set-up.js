/**
 * Run by mongosh in the network of the first member: starts the replica set and creates two users, `admin` (root) and
 * `rollcall`, which may read and write the database `rollcall` and nothing else. Repeatable: what is there stays, and the
 * password of `rollcall` becomes the one that is given.
 *
 * The first user may be created without a log-in, but only from 127.0.0.1: hence the network of the member.
 */
const { MONGODB_ADMIN_PASSWORD, MONGODB_PASSWORD, MONGODB_MEMBER } = process.env;
const ADDRESS = 'mongodb://127.0.0.1:27017/?directConnection=true&serverSelectionTimeoutMS=2000';
const TRIES = 90;
const PAUSE_MS = 2000;
/** Codes of MongoDB's answers. */
const ALREADY_INITIALIZED = 23;
const USER_EXISTS = 51003;
const UNAUTHORIZED = 13;

/** Tells what failed, never with what. */
function fail(what, error) {
  print(`MongoDB: ${what}${error ? `: ${error.codeName || error.message}` : ''}`);
  quit(1);
}

/** Repeats a step until it gives something. */
function patiently(what, step) {
  let last = null;
  for (let left = TRIES; left > 0; left--) {
    try {
      const result = step();
      if (result) return result;
    } catch (error) {
      last = error;
    }
    sleep(PAUSE_MS);
  }
  return fail(`${what} did not happen within ${(TRIES * PAUSE_MS) / 1000} s`, last);
}

function unless(code, step) {
  try {
    step();
    return true;
  } catch (error) {
    if (error.code === code) return false;
    throw error;
  }
}

function logIn(admin) {
  try {
    return Boolean(admin.auth('admin', MONGODB_ADMIN_PASSWORD));
  } catch {
    return false;
  }
}

function startReplicaSet(admin) {
  if (admin.hello().setName) return;
  const member = { _id: 0, host: MONGODB_MEMBER };
  unless(ALREADY_INITIALIZED, () => admin.runCommand({ replSetInitiate: { _id: 'rollcall', members: [member] } }));
}

function createAdmin(admin) {
  const created = unless(UNAUTHORIZED, () =>
    admin.createUser({ user: 'admin', pwd: MONGODB_ADMIN_PASSWORD, roles: ['root'] })
  );
  if (!created) fail('MONGODB_ADMIN_PASSWORD is not the one that the user admin was created with');
  if (!logIn(admin)) fail('the user admin was created and cannot log in');
}

function ensureUser(database) {
  const settings = { pwd: MONGODB_PASSWORD, roles: [{ role: 'readWrite', db: 'rollcall' }] };
  const created = unless(USER_EXISTS, () => database.createUser({ user: 'rollcall', ...settings }));
  if (!created) database.updateUser('rollcall', settings);
}

const admin = patiently('an answer', () => {
  const database = new Mongo(ADDRESS).getDB('admin');
  return database.hello().ok && database;
});
const isKnown = logIn(admin);
if (!isKnown) startReplicaSet(admin);
patiently('the election of a primary', () => admin.hello().isWritablePrimary);
if (!isKnown) createAdmin(admin);
ensureUser(admin.getSiblingDB('rollcall'));
print('MongoDB: the replica set and its users are ready');
