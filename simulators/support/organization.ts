import { createPerson } from './people';
import { pick, type Random } from './random';

/** Who somebody is to the organisation; each provider shows it in its own way. */
export type PersonKind = 'employee' | 'guest' | 'service';
/** What a group is for: access, an office suite's team, or mail alone. */
export type GroupKind = 'security' | 'team' | 'mail';

/** A person or account of a made-up organisation. `id` never changes; everything else may. */
export interface OrganizationPerson {
  readonly id: string;
  kind: PersonKind;
  /** What the person logs in by, as an address. Unique, letter case aside. */
  login: string;
  givenName: string | null;
  surname: string | null;
  displayName: string;
  /** Not always in the letter case of the login, and missing for some. */
  email: string | null;
  active: boolean;
  employeeNumber: string | null;
  department: string | null;
  title: string | null;
  managerId: string | null;
}

export interface OrganizationGroup {
  readonly id: string;
  /** Not unique. */
  name: string;
  kind: GroupKind;
  /** Its members are shown to those with a permission of its own only. */
  isHidden: boolean;
  /** Ids of direct members that are people. */
  readonly people: Set<string>;
  /** Ids of direct members that are groups. There may be circles. */
  readonly groups: Set<string>;
}

/** A made-up organisation, by id. */
export interface Organization {
  readonly domain: string;
  readonly people: Map<string, OrganizationPerson>;
  readonly groups: Map<string, OrganizationGroup>;
  readonly random: Random;
  readonly newId: () => string;
}

export interface OrganizationOptions {
  readonly users: number;
  readonly groups: number;
  /** Direct memberships of people in groups, in all. @default 5 a user */
  readonly memberships?: number;
  /** Equal seeds and sizes give equal organisations. */
  readonly random: Random;
  /** @default 'corp.example' */
  readonly domain?: string;
}

const DEFAULT_DOMAIN = 'corp.example';
const PARTNER_DOMAIN = 'partner.example';
const MEMBERSHIPS_A_USER = 5;
/** One in so many is of the kind. */
const EVERY = { guest: 20, service: 50, disabled: 40, recased: 15, withoutEmail: 60, twin: 25 };
const GROUP_EVERY = { nested: 10, team: 5, mail: 9, hidden: 40, empty: 30, sameName: 25 };
/** The part of all memberships that one group has. */
const HUGE_SHARE = 0.1;
const DEPARTMENTS = ['Engineering', 'Продажи', 'Finanças', '人事', 'Hỗ trợ'] as const;
const TITLES = ['Engineer', 'Leiterin', 'Conseiller', '담당자'] as const;
const GROUP_WORDS = ['Platform', 'Vertrieb', 'Équipe', 'Безопасность', '開発', 'Ομάδα', 'דלפק', 'مشروع'] as const;

/**
 * People with names in many scripts, equal names, guests, service accounts, disabled people, addresses in another letter
 * case; groups nested five deep, in a circle, empty, hidden, of equal names, and one that holds a tenth of everything.
 */
export function createOrganization(options: OrganizationOptions): Organization {
  const { random, domain = DEFAULT_DOMAIN } = options;
  const organization: Organization = {
    domain,
    people: new Map(),
    groups: new Map(),
    random,
    newId: () => uuid(random),
  };
  let twin: OrganizationPerson | null = null;
  const staff: string[] = [];
  for (let n = 1; n <= options.users; n += 1) {
    const person = addPerson(organization, generatedPerson(organization, n, twin));
    if (n % EVERY.twin === 0) twin = person;
    person.managerId = staff[Math.floor(staff.length / 8)] ?? null;
    if (person.kind === 'employee' && person.active) staff.push(person.id);
  }
  for (let n = 0; n < options.groups; n += 1) addGroup(organization, generatedGroup(organization, n));
  nest(organization);
  fill(organization, options.memberships ?? options.users * MEMBERSHIPS_A_USER);
  return organization;
}

export function addPerson(
  organization: Organization,
  given: Partial<OrganizationPerson> & Pick<OrganizationPerson, 'login'>
): OrganizationPerson {
  const person: OrganizationPerson = {
    ...{ id: organization.newId(), kind: 'employee', active: true, displayName: given.login, email: given.login },
    ...{ givenName: null, surname: null, employeeNumber: null, department: null, title: null, managerId: null },
    ...given,
  };
  organization.people.set(person.id, person);
  return person;
}

export function addGroup(
  organization: Organization,
  given: Partial<OrganizationGroup> & Pick<OrganizationGroup, 'name'>
): OrganizationGroup {
  const group: OrganizationGroup = {
    ...{ id: organization.newId(), kind: 'security', isHidden: false, people: new Set(), groups: new Set() },
    ...given,
  };
  organization.groups.set(group.id, group);
  return group;
}

function generatedPerson(
  { random, domain }: Organization,
  n: number,
  twin: OrganizationPerson | null
): Omit<OrganizationPerson, 'id'> {
  const person = createPerson(random, n);
  const isTwin = twin !== null && n % EVERY.twin === 1;
  const displayName = isTwin ? twin.displayName : person.displayName;
  const [givenName = '', ...surnames] = displayName.split(' ');
  const kind = n % EVERY.service === 0 ? 'service' : n % EVERY.guest === 0 ? 'guest' : 'employee';
  const login = kind === 'service' ? `svc-${n}@${domain}` : `${person.username}@${domainOf(kind, domain)}`;
  const isPerson = kind !== 'service';
  return {
    ...{ kind, login, displayName: isPerson ? displayName : `Service ${n}`, managerId: null },
    ...{ givenName: isPerson ? givenName : null, surname: isPerson ? surnames.join(' ') : null },
    email: isPerson && n % EVERY.withoutEmail !== 7 ? recased(login, n) : null,
    active: n % EVERY.disabled !== 3,
    employeeNumber: kind === 'employee' ? String(n).padStart(6, '0') : null,
    department: kind === 'employee' ? pick(random, DEPARTMENTS) : null,
    title: kind === 'employee' ? pick(random, TITLES) : null,
  };
}

const domainOf = (kind: PersonKind, domain: string): string => (kind === 'guest' ? PARTNER_DOMAIN : domain);

function recased(email: string, n: number): string {
  return n % EVERY.recased === 0 ? email.replace(/^./, (first) => first.toUpperCase()) : email;
}

function generatedGroup({ random }: Organization, n: number): Pick<OrganizationGroup, 'name' | 'kind' | 'isHidden'> {
  const number = n % GROUP_EVERY.sameName === GROUP_EVERY.sameName - 1 ? n - 1 : n;
  const word = n % 4 === 0 ? 'jira' : pick(random, GROUP_WORDS);
  const isSame = number !== n;
  const kind: GroupKind = n % GROUP_EVERY.team === 4 ? 'team' : n % GROUP_EVERY.mail === 8 ? 'mail' : 'security';
  return {
    name: isSame ? 'Twice' : n % GROUP_EVERY.sameName === GROUP_EVERY.sameName - 2 ? 'Twice' : `${word}-${pad(n)}`,
    kind,
    isHidden: n % GROUP_EVERY.hidden === GROUP_EVERY.hidden - 1,
  };
}

const pad = (n: number): string => String(n).padStart(4, '0');

/** Chains of groups in groups, and one circle where there are enough. */
function nest({ groups }: Organization): void {
  const all = [...groups.values()];
  for (let n = GROUP_EVERY.nested; n < all.length; n += GROUP_EVERY.nested) {
    const parent = all[n % (GROUP_EVERY.nested * 5) === 0 ? 1 : n - GROUP_EVERY.nested];
    const child = all[n];
    if (parent !== undefined && child !== undefined) parent.groups.add(child.id);
  }
  const [first, second, third] = all.slice(-3);
  if (all.length < GROUP_EVERY.nested || !first || !second || !third) return;
  first.groups.add(second.id);
  second.groups.add(third.id);
  third.groups.add(first.id);
}

/** Exactly so many memberships, where there is room for them. */
function fill({ people, groups, random }: Organization, memberships: number): void {
  const ids = [...people.keys()];
  const [huge, ...others] = [...groups.values()].filter((_, n) => n % GROUP_EVERY.empty !== GROUP_EVERY.empty - 1);
  const [firstId] = ids;
  if (huge === undefined || firstId === undefined) return;
  const room = ids.length * others.length;
  const inHuge = Math.min(ids.length, Math.max(Math.ceil(memberships * HUGE_SHARE), memberships - room));
  for (const id of ids.slice(0, inHuge)) huge.people.add(id);
  let left = Math.min(memberships - inHuge, room);
  for (let n = 0; left > 0; n += 1) {
    const group = others[n % others.length];
    const share = Math.max(1, Math.ceil(left / (others.length - (n % others.length))));
    if (group !== undefined) left -= draw(group, [firstId, ...ids.slice(1)], Math.min(share, left), random);
  }
}

/** Adds people to a group, those who follow each other from somewhere on; answers how many it had not. */
function draw(group: OrganizationGroup, ids: readonly string[], count: number, random: Random): number {
  const before = group.people.size;
  const start = Math.floor(random() * ids.length);
  for (let n = 0; n < ids.length && group.people.size - before < count; n += 1) {
    const id = ids[(start + n * 7) % ids.length];
    if (id !== undefined) group.people.add(id);
    if (n === ids.length - 1 && group.people.size - before < count) addMissing(group, ids, before + count);
  }
  return group.people.size - before;
}

function addMissing(group: OrganizationGroup, ids: readonly string[], size: number): void {
  for (const id of ids) {
    if (group.people.size >= size) return;
    group.people.add(id);
  }
}

const HEX = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'] as const;

function uuid(random: Random): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => pick(random, HEX));
}
