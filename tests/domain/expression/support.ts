import { evaluateExpression } from '../../../domain/expression/evaluate';
import type { Subject } from '../../../domain/expression/subject';
import type { AttributeRecord } from '../../../domain/model';

export const USER: AttributeRecord = {
  givenName: 'Ada',
  surname: 'Müller-Lüdenscheidt',
  mail: 'Ada.Mueller@corp.com',
  department: 'R&D',
  number: 42,
  level: '7',
  flag: true,
  off: false,
  blank: '  ',
  hired: '2024-01-31T08:05:09Z',
  tags: ['blue', 'red', 'blue'],
  mails: [
    { value: 'first@corp.com', primary: false },
    { value: 'second@corp.com', primary: true },
  ],
  profile: { login: 'ada', deep: { site: 'Bonn' } },
  'extension.cost': 'K-1',
};

/** Ada with two groups, an account and a link. */
export function subject(attributes: AttributeRecord = {}): Subject {
  return {
    user: { externalId: 'a-1', active: true, attributes: { ...USER, ...attributes } },
    groups: ['jira-users', 'jira-dev'],
    existing: { username: 'ada', email: null, displayName: 'Ada', active: true, groups: ['old'] },
    link: { state: 'active' },
  };
}

/** The value of an expression about Ada; `failed: …` where it fails. */
export function valueOf(source: string, attributes: AttributeRecord = {}): unknown {
  const result = evaluateExpression(source, subject(attributes));
  return 'value' in result ? result.value : `failed: ${result.failed}`;
}
