import { entraDefinition, ENTRA_PRESET } from '../../../connectors/entra/definition';
import { userSelect } from '../../../connectors/entra/records';
import { CLOUDS } from '../../../connectors/entra/settings';
import { mapAttribute } from '../../../domain/mapping';
import { certificate, privateKey } from './support';

const BASE = { tenantId: '0c9a', clientId: 'app', clientSecret: 's' };
const parse = (changes: object) => entraDefinition.settings.safeParse({ ...BASE, ...changes });
const problems = (changes: object) =>
  parse(changes).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the settings of a tenant', () => {
  it('have safe defaults', () => {
    expect(parse({}).data).toMatchObject({
      ...CLOUDS.global,
      ...{ read: 'scoped', nested: 'flatten', guests: 'exclude', pendingGuests: 'inactive', managers: false },
      quotaShare: 50,
    });
  });

  it.each([{}, { cloud: 'china' }, { clientSecret: undefined, certificate, privateKey }])(
    'can be parsed again as they are kept: %#',
    (changes) => {
      const { data } = parse(changes);
      expect(entraDefinition.settings.parse(data)).toEqual(data);
    }
  );

  it.each(['usGovernment', 'usGovernmentDod', 'china'] as const)('know the cloud %s', (cloud) => {
    expect(parse({ cloud }).data).toMatchObject(CLOUDS[cloud]);
  });

  it('let the addresses be named, as for a simulator', () => {
    const urls = { graphUrl: 'http://127.0.0.1:1', loginUrl: 'http://127.0.0.1:2' };
    expect(parse(urls).data).toMatchObject(urls);
  });

  it.each([
    [{ clientSecret: undefined }, 'clientSecret: give either clientSecret, or certificate and privateKey'],
    [{ certificate, privateKey }, 'clientSecret: give either clientSecret, or certificate and privateKey'],
    [{ certificate }, 'privateKey: belongs to the other one: give certificate and privateKey'],
    [{ certificate: 'x', privateKey }, 'certificate: must be a certificate in PEM form'],
    [{ graphUrl: 'https://graph.microsoft.com/v1.0' }, 'graphUrl: must end before /v1.0: the address of Graph itself'],
    [
      { graphUrl: 'http://graph.example' },
      'graphUrl: would send secrets unencrypted: use https, or set allowHttp: true',
    ],
    [{ tenantId: 'a/b' }, 'tenantId: must be the id or a domain of the tenant'],
    [{ read: 'some' }, 'read: must be one of scoped, all'],
    [{ clientSecretExpires: 'soon' }, 'clientSecretExpires: must be a day such as 2027-05-31'],
  ])('refuse %j', (changes, expected) => {
    expect(problems(changes)).toContain(expected);
  });

  it('take a certificate in place of the secret', () => {
    expect(problems({ clientSecret: undefined, certificate, privateKey })).toBeUndefined();
  });

  it('hide what is secret, and count calls by application and tenant', () => {
    expect(entraDefinition.secrets).toEqual(['clientSecret', 'privateKey']);
    const budget = (changes: object) =>
      entraDefinition.budget?.(entraDefinition.settings.parse({ ...BASE, ...changes }));
    expect(budget({})).toEqual(budget({ read: 'all', quotaShare: 20 }));
    expect(budget({})?.connection).not.toBe(budget({ tenantId: 'other' })?.connection);
  });
});

describe('what is asked of users', () => {
  it('is what the mapping starts from too, in every form of a rule', () => {
    const rule = { ...ENTRA_PRESET.email, fallback: ['otherMails'] };
    const select = userSelect(entraDefinition.settings.parse({ ...BASE, attributes: ['faxNumber'] }), {
      mapping: {
        ...ENTRA_PRESET,
        email: { ...rule, transforms: [{ type: 'fallback', source: 'imAddresses' }] },
        properties: {
          site: { ...rule, source: 'onPremisesExtensionAttributes.extensionAttribute1' },
          title: { ...rule, expression: "user.employeeType + ' ' + user.jobTitle" },
        },
      },
    }).split(',');
    expect(select).toEqual(
      expect.arrayContaining([
        'otherMails',
        'imAddresses',
        'onPremisesExtensionAttributes',
        'employeeType',
        'faxNumber',
      ])
    );
    expect(new Set(select).size).toBe(select.length);
    expect(select).not.toContain('active');
  });
});

describe('the preset mapping of a tenant', () => {
  it('makes the local part of the userPrincipalName the username', () => {
    const attributes = { userPrincipalName: 'Ann.Lee@corp.example', mail: 'ann@corp.example', displayName: 'Ann Lee' };
    const user = { externalId: '1', active: true, attributes };
    expect(mapAttribute('username', ENTRA_PRESET.username, user)).toMatchObject({ text: 'ann.lee' });
    const guest = { ...user, attributes: { userPrincipalName: 'ada_partner.com#EXT#@corp.onmicrosoft.com' } };
    expect(mapAttribute('username', ENTRA_PRESET.username, guest)).toMatchObject({ text: 'ada' });
    expect(mapAttribute('email', ENTRA_PRESET.email, user)).toMatchObject({ text: 'ann@corp.example' });
  });
});
