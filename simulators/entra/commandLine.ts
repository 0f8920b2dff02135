import { readFileSync } from 'node:fs';
import { readOptions, readWholeNumber, UsageError } from '../support/cli';
import { FAULT_KINDS, type FaultKind } from './faultKinds';
import { PERMISSIONS, type EntraSimulatorOptions, type Permission } from './options';

const OPTIONS = [
  ...['port', 'users', 'groups', 'memberships', 'seed', 'tenant', 'certificate', 'permissions', 'token-seconds'],
  ...['resource-units', 'faults'],
] as const;
const MANY = { min: 0, max: 1_000_000 };

/** The options of `npm run simulate:entra`; throws a UsageError that says what is wrong. */
export function readEntraOptions(argv: readonly string[]): EntraSimulatorOptions {
  const values = readOptions<string>(argv, OPTIONS);
  const options = {
    port: readWholeNumber('port', values['port'], { min: 0, max: 65_535 }),
    users: readWholeNumber('users', values['users'], MANY),
    groups: readWholeNumber('groups', values['groups'], MANY),
    memberships: readWholeNumber('memberships', values['memberships'], { min: 0, max: 10_000_000 }),
    seed: readWholeNumber('seed', values['seed'], { min: 0, max: 2 ** 32 - 1 }),
    tokenLifetimeSeconds: readWholeNumber('token-seconds', values['token-seconds'], { min: 1, max: 86_400 }),
    resourceUnits: readWholeNumber('resource-units', values['resource-units'], { min: 1, max: 1_000_000 }),
    tenantId: values['tenant'],
    certificate: values['certificate'] === undefined ? undefined : readFileSync(values['certificate'], 'utf8'),
    permissions: values['permissions']?.split(',').map(readPermission),
    faults: values['faults']?.split(',').map(readFault),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function readPermission(name: string): Permission {
  const found = PERMISSIONS.find((known) => known === name);
  if (found === undefined) throw new UsageError(`--permissions must be of ${PERMISSIONS.join(', ')}, not '${name}'`);
  return found;
}

/** `kind:share`, as in `rate-limit:0.01`. */
function readFault(text: string): { readonly kind: FaultKind; readonly rate: number } {
  const [name, share = '1'] = text.split(':');
  const kind = FAULT_KINDS.find((known) => known === name);
  const rate = Number(share);
  if (kind !== undefined && rate >= 0 && rate <= 1) return { kind, rate };
  throw new UsageError(`--faults must be like rate-limit:0.01, of ${FAULT_KINDS.join(', ')}, not '${text}'`);
}
