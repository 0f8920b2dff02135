import fc from 'fast-check';
import { ScimError } from '../../../domain/scim/error';
import { compileFilter } from '../../../domain/scim/evaluate';
import { parseFilter } from '../../../domain/scim/filter';
import { scimKinds } from '../../../domain/scim/kinds';
import { exactMembers, isAboutMembers, memberChange } from '../../../domain/scim/members';
import { applyPatch } from '../../../domain/scim/patch';
import { parsePatch } from '../../../domain/scim/patch-request';
import { checkResource, normaliseResource } from '../../../domain/scim/resource';

const { User, Group } = scimKinds({ urn: 'urn:example:custom', attributes: { seats: 'integer' } });
const RUNS = { numRuns: 500 };

const NAMES = [
  'userName',
  'ACTIVE',
  'name.givenName',
  'name',
  'emails',
  'emails.value',
  'emails[type eq "work"].value',
  'emails[primary eq "True"]',
  'roles',
  'manager',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:example:custom:seats',
  'id',
  'nope',
  '__proto__',
  'constructor',
  '',
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 12 }));
const leaf = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('True', 'false', '', null, 7));
const value = fc.oneof(
  leaf,
  fc.array(fc.dictionary(name, leaf, { maxKeys: 3 }), { maxLength: 3 }),
  fc.dictionary(name, leaf)
);
const operation = fc.record(
  { op: fc.constantFrom('add', 'Replace', 'REMOVE', 'move'), path: fc.oneof(name, leaf), value },
  { requiredKeys: ['op'] }
);
const word = fc.constantFrom(
  'userName',
  'eq',
  'and',
  'or',
  'not',
  '(',
  ')',
  '[',
  ']',
  '"a"',
  'pr',
  'emails',
  'true',
  '.value',
  '1'
);
const filter = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.array(word, { maxLength: 10 }).map((words) => words.join(' '))
);

/** @returns the result, or null for a refusal; anything else that is thrown is a defect */
function unlessRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) return null;
    throw error;
  }
}

describe('whatever a client sends', () => {
  it('a body is taken or refused, and what was taken is taken again unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(name, value)), (body) => {
        const once = unlessRefused(() => normaliseResource(User, body));
        if (once !== null) expect(normaliseResource(User, once)).toEqual(once);
      }),
      RUNS
    );
  });

  it('a PATCH is applied as a whole or refused, and the resource before stays as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.array(operation, { maxLength: 4 }), (body, operations) => {
        const before = unlessRefused(() => normaliseResource(User, { ...body, userName: 'ann' })) ?? {
          userName: 'ann',
        };
        const copy: unknown = structuredClone(before);
        const after = unlessRefused(() => applyPatch(User, before, parsePatch(User, { Operations: operations })));
        expect(before).toEqual(copy);
        if (after !== null) unlessRefused(() => checkResource(User, after));
      }),
      RUNS
    );
  });

  it('a change of members is understood or refused', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            op: fc.constantFrom('add', 'remove', 'replace'),
            path: fc.constantFrom('members', 'members[value eq "a"]', 'members.value'),
            value,
          })
        ),
        value,
        (operations, list) => {
          unlessRefused(() =>
            memberChange(parsePatch(Group, { Operations: operations }).filter((each) => isAboutMembers(Group, each)))
          );
          unlessRefused(() => exactMembers(list));
        }
      ),
      RUNS
    );
  });

  it('a filter is understood or refused, and a filter that is understood can be asked of any resource', () => {
    fc.assert(
      fc.property(filter, fc.dictionary(name, value), (text, body) => {
        const predicate = unlessRefused(() => compileFilter(User, parseFilter(text)));
        const resource = unlessRefused(() => normaliseResource(User, body));
        if (predicate !== null) expect(typeof predicate(resource ?? {})).toBe('boolean');
      }),
      RUNS
    );
  });
});
