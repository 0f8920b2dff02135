/**
 * Writes assets/demo/people.csv: 1,000 people in 40 groups, with names in many scripts and plain usernames.
 * The same seed gives the same bytes; there is no clock and no other randomness.
 *
 * Usage: node scripts/make-demo-data.mjs [--people 1000] [--seed 2024] [--out assets/demo/people.csv]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CULTURES, DEPARTMENTS, PROJECT_GROUPS, ROLE_GROUPS } from './lib/demo-names.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const COLUMNS = [
  'id',
  'username',
  'email',
  'givenName',
  'surname',
  'displayName',
  'department',
  'title',
  'active',
  'groups',
];
const INACTIVE_SHARE = 0.02;
const CORE_ONLY_SHARE = 0.1;
const MAX_EXTRA_GROUPS = 3;

/** Numbers from 0 to below 1, the same for the same seed (a 32-bit linear congruential generator, its upper bits). */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const pick = (random, list) => list[Math.floor(random() * list.length)];

/** The first free one of name, name2, name3, ... */
function freeName(taken, name) {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name}${n}`;
  taken.add(free);
  return free;
}

function groupsOf(random, culture, department) {
  const groups = new Set([
    random() < CORE_ONLY_SHARE ? 'jira-core-members' : 'jira-software-members',
    department.group,
  ]);
  if (random() < 0.75) groups.add(culture.site);
  const extras = Math.floor(random() * (MAX_EXTRA_GROUPS + 1));
  for (let n = 0; n < extras; n += 1) groups.add(pick(random, random() < 0.8 ? PROJECT_GROUPS : ROLE_GROUPS));
  return [...groups];
}

function createPerson(random, number, taken) {
  const culture = pick(random, CULTURES);
  const [givenName, givenLatin] = pick(random, culture.given);
  const [surname, surnameLatin] = pick(random, culture.surnames);
  const department = pick(random, DEPARTMENTS);
  const username = freeName(taken, `${givenLatin}.${surnameLatin}`);
  return {
    id: `E${String(number).padStart(5, '0')}`,
    username,
    email: `${username}@${culture.domain}`,
    givenName,
    surname,
    displayName: culture.display(givenName, surname),
    department: department.name,
    title: pick(random, department.titles),
    active: random() >= INACTIVE_SHARE,
    groups: groupsOf(random, culture, department).join(';'),
  };
}

/** RFC 4180: quoted where it has to be. */
function csvField(value) {
  const text = String(value);
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (values) => `${values.map(csvField).join(',')}\n`;

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '2024' },
    out: { type: 'string', default: resolve(ROOT, 'assets/demo/people.csv') },
  },
});
const random = createRandom(Number(options.seed));
const taken = new Set();
const people = Array.from({ length: Number(options.people) }, (_, index) => createPerson(random, index + 1, taken));
mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(
  options.out,
  csvLine(COLUMNS) + people.map((person) => csvLine(COLUMNS.map((column) => person[column]))).join('')
);
const groups = new Set(people.flatMap((person) => person.groups.split(';')));
console.log(`${options.out}: ${people.length} people, ${groups.size} groups`);
