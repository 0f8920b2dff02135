/** What a generated realm holds; equal options give an equal realm. */
export interface RealmOptions {
  readonly realm: string;
  readonly users: number;
  /** Three of four are at the top; the others are sub-groups, five a parent, every fifth of those one level deeper. */
  readonly groups: number;
  /** Memberships of each user. */
  readonly perUser: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Roles of the service account in realm-management. */
  readonly roles: readonly string[];
  readonly tokenLifetimeSeconds: number;
}

export interface GeneratedUser {
  readonly username: string;
  readonly enabled: boolean;
  readonly email?: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Paths. */
  readonly groups: readonly string[];
}

interface GeneratedGroup {
  readonly name: string;
  readonly path: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly subGroups: GeneratedGroup[];
}

export interface GeneratedRealm {
  /** RealmRepresentation, to be posted to /admin/realms. */
  readonly representation: unknown;
  readonly users: readonly GeneratedUser[];
  readonly paths: readonly string[];
}

const GIVEN_NAMES = ['Anna', 'Björn', 'Chloé', 'Đorđe', 'İpek', 'Łukasz', 'Øystein', 'Тарас', 'Věra', '王伟'];
const SURNAMES = ["O'Brien", 'Müller', 'Šimek', 'Nguyễn', 'García López', 'van der Berg', 'Кузнецов', '李'];
const CHILDREN = 5;
/** Of 50 users one is disabled, of 100 one has no address, of 10 one has two phones. */
const EVERY_DISABLED = 50;
const EVERY_WITHOUT_EMAIL = 100;
const EVERY_WITH_TWO_PHONES = 10;

export function generateRealm(options: RealmOptions): GeneratedRealm {
  const { roots, paths } = generateGroups(options.groups);
  const users = Array.from({ length: options.users }, (_, n) => generateUser(n, paths, options.perUser));
  const account = {
    username: `service-account-${options.clientId}`,
    enabled: true,
    serviceAccountClientId: options.clientId,
    clientRoles: { 'realm-management': options.roles },
    groups: paths.slice(0, 1),
  };
  const representation = {
    realm: options.realm,
    enabled: true,
    sslRequired: 'none',
    accessTokenLifespan: options.tokenLifetimeSeconds,
    clients: [clientOf(options)],
    components: {
      'org.keycloak.userprofile.UserProfileProvider': [
        {
          providerId: 'declarative-user-profile',
          config: { 'kc.user.profile.config': [JSON.stringify(userProfile())] },
        },
      ],
    },
    groups: roots,
    users: [account, ...users],
  };
  return { representation, users, paths };
}

function clientOf({ clientId, clientSecret }: RealmOptions): unknown {
  return {
    clientId,
    secret: clientSecret,
    enabled: true,
    protocol: 'openid-connect',
    publicClient: false,
    clientAuthenticatorType: 'client-secret',
    serviceAccountsEnabled: true,
    standardFlowEnabled: false,
    directAccessGrantsEnabled: false,
  };
}

/** Attributes that the profile does not name are dropped unless it says that administrators may write them. */
function userProfile(): unknown {
  const permissions = { view: ['admin', 'user'], edit: ['admin', 'user'] };
  const attributes = ['username', 'email', 'firstName', 'lastName'].map((name) => ({ name, permissions }));
  return { attributes, unmanagedAttributePolicy: 'ADMIN_EDIT' };
}

const padded = (n: number, length: number): string => String(n).padStart(length, '0');

function generateGroups(count: number): { readonly roots: GeneratedGroup[]; readonly paths: string[] } {
  const subCount = Math.floor(count / 4);
  const roots = Array.from({ length: count - subCount }, (_, n) => groupAt('', `group-${padded(n, 4)}`, [`CC${n}`]));
  const paths = roots.map(({ path }) => path);
  for (let n = 0; n < subCount; n++) {
    const root = roots[Math.floor(n / CHILDREN) % roots.length]!;
    const parent = n % CHILDREN === CHILDREN - 1 ? root.subGroups.at(-1)! : root;
    const child = groupAt(parent.path, `sub-${padded(n, 4)}`, []);
    parent.subGroups.push(child);
    paths.push(child.path);
  }
  return { roots, paths };
}

function groupAt(parent: string, name: string, costCentre: readonly string[]): GeneratedGroup {
  const attributes = costCentre.length === 0 ? {} : { costCentre };
  return { name, path: `${parent}/${name}`, attributes, subGroups: [] };
}

function generateUser(n: number, paths: readonly string[], perUser: number): GeneratedUser {
  const number = padded(n, 6);
  const phones =
    n % EVERY_WITH_TWO_PHONES === 0 ? [`+420 600 ${number}`, `+420 700 ${number}`] : [`+420 600 ${number}`];
  const groups = Array.from({ length: Math.min(perUser, paths.length) }, (_, k) => paths[(n + k) % paths.length]!);
  return {
    username: `user${number}`,
    enabled: n % EVERY_DISABLED !== EVERY_DISABLED - 1,
    ...(n % EVERY_WITHOUT_EMAIL !== EVERY_WITHOUT_EMAIL - 2 && { email: `user${number}@corp.example` }),
    firstName: GIVEN_NAMES[n % GIVEN_NAMES.length]!,
    lastName: SURNAMES[n % SURNAMES.length]!,
    attributes: { department: [`Dept ${n % 20}`], phone: phones, employeeNumber: [number] },
    groups,
  };
}
