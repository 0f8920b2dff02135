import fc from 'fast-check';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../../domain/canonical-json';
import { PHASE_OF_KIND } from '../../domain/operation';
import type { OperationContent, OperationKind } from '../../domain/operation';
import { canonicalOperation, compareOperations, createPlanHasher, operationDigest } from '../../domain/plan-hash';
import type { OperationOrder } from '../../domain/plan-hash';

const KINDS = Object.keys(PHASE_OF_KIND) as OperationKind[];
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('İ', 'ß', '😀', '\ufb33', 'a', 'A', 'é', 'é'));
const image = fc.option(fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.constant(null)), { maxKeys: 4 }));
const contents: fc.Arbitrary<OperationContent> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    targetKey: fc.option(text),
    externalId: fc.option(text),
    before: image,
    after: image,
    reasons: fc.array(fc.record({ code: text, rule: fc.constantFrom('1.7', '3.1') }), { maxLength: 2 }),
  })
  .map((content) => ({ phase: PHASE_OF_KIND[content.kind], ...content }));

interface Placed extends OperationOrder {
  readonly digest: string;
}
const place = (content: OperationContent): Placed => ({
  phase: content.phase,
  canonical: canonicalOperation(content),
  digest: operationDigest(content),
});

/** The hash as a run computes it: every shard sorted by itself, then merged into one stream. */
function hashOf(shards: readonly (readonly OperationContent[])[]): string {
  const queues = shards.map((shard) => shard.map(place).sort(compareOperations));
  const hasher = createPlanHasher();
  for (;;) {
    const heads = queues.filter((queue) => queue.length > 0).sort((a, b) => compareOperations(a[0]!, b[0]!));
    const next = heads[0]?.shift();
    if (next === undefined) return hasher.digest();
    hasher.add(next.digest);
  }
}

const operation: OperationContent = {
  phase: 3,
  kind: 'deactivateUser',
  targetKey: 'JIRAUSER10100',
  externalId: 'e-17',
  before: { active: true },
  after: { active: false },
  reasons: [{ code: 'disabled', rule: '3.1' }],
};

describe('durability 3.1: the hash of a plan', () => {
  it('is the same in any order of the input and for any sharding', () => {
    const sharded = fc.array(contents, { maxLength: 30 }).chain((plan) =>
      fc.record({
        plan: fc.constant(plan),
        shuffled: fc.shuffledSubarray(plan, { minLength: plan.length }),
        shardOf: fc.array(fc.nat(3), { minLength: plan.length, maxLength: plan.length }),
      })
    );
    fc.assert(
      fc.property(sharded, ({ plan, shuffled, shardOf }) => {
        const shards = [0, 1, 2, 3].map((shard) => shuffled.filter((_, at) => shardOf[at] === shard));
        expect(hashOf(shards)).toBe(hashOf([plan]));
      })
    );
  });

  it('is another one when any member of any operation is another one', () => {
    fc.assert(
      fc.property(fc.array(contents, { maxLength: 10 }), contents, contents, (plan, one, other) => {
        fc.pre(canonicalOperation(one) !== canonicalOperation(other));
        expect(hashOf([[...plan, one]])).not.toBe(hashOf([[...plan, other]]));
        expect(hashOf([[...plan, one]])).not.toBe(hashOf([plan]));
      })
    );
  });

  it('of a plan without operations is SHA-256 of nothing', () => {
    expect(hashOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('stays what it is from one version to the next: approvals refer to it', () => {
    expect(hashOf([[operation]])).toBe(bytesToHex(sha256(sha256(utf8ToBytes(canonicalOperation(operation))))));
    expect(operationDigest(operation)).toBe('f9e1d7c009742250126c6546824a99cd49ad22f83a3c4236c0b05d1c3f8994e7');
  });

  it('refuses a digest that is none', () => {
    expect(() => {
      createPlanHasher().add('abc');
    }).toThrow('64 lower-case hex digits');
  });
});

describe('durability 3.1: what of an operation is hashed', () => {
  it('is exactly its content, in RFC 8785 form', () => {
    expect(canonicalOperation(operation)).toBe(
      '{"after":{"active":false},"before":{"active":true},"externalId":"e-17","kind":"deactivateUser","phase":3,' +
        '"reasons":[{"code":"disabled","rule":"3.1"}],"targetKey":"JIRAUSER10100"}'
    );
  });

  it('is nothing that depends on the run, the shard or the moment', () => {
    const stored = { ...operation, seq: 4, status: 'held', linkVersion: 9, gateKinds: ['disabled'], runId: 'corp-1' };
    expect(canonicalOperation(stored)).toBe(canonicalOperation(operation));
  });

  it('does not depend on the order in which members were written', () => {
    const reversed = Object.fromEntries(Object.entries(operation).reverse()) as unknown as OperationContent;
    expect(operationDigest(reversed)).toBe(operationDigest(operation));
  });
});

describe('durability 3.1: the order of a plan', () => {
  const sign = (a: OperationOrder, b: OperationOrder): number => Math.sign(compareOperations(a, b));

  it('is by phase first, then by UTF-16 code units', () => {
    expect(sign({ phase: 3, canonical: 'z' }, { phase: 8, canonical: 'a' })).toBe(-1);
    expect(sign({ phase: 3, canonical: 'Z' }, { phase: 3, canonical: 'a' })).toBe(-1);
    expect(sign({ phase: 3, canonical: '\ufb33' }, { phase: 3, canonical: '😀' })).toBe(1);
    expect(sign({ phase: 3, canonical: 'a' }, { phase: 3, canonical: 'a' })).toBe(0);
  });

  it('is total: the same for each pair whichever comes first, and transitive', () => {
    fc.assert(
      fc.property(contents, contents, contents, (one, two, three) => {
        const [a, b, c] = [place(one), place(two), place(three)];
        expect(sign(a, b) + sign(b, a)).toBe(0);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
      })
    );
  });
});

describe('canonical JSON (RFC 8785)', () => {
  it('writes the example of section 3.2.2', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    );
  });

  it('sorts the members of section 3.2.3 by UTF-16 code units', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))) as object;
    expect(Object.keys(sorted)).toEqual(['1', '\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
    expect(canonicalJson({ '\r': 1, '1': 2 })).toBe('{"\\r":1,"1":2}');
  });

  it('writes no difference between 0 and -0 and leaves out members without a value', () => {
    expect(canonicalJson({ a: -0, b: undefined, c: [] })).toBe('{"a":0,"c":[]}');
  });

  it('takes half a surrogate pair as the store does, so that a hash can be computed again', () => {
    expect(canonicalJson('a\ud800b')).toBe('"a\ufffdb"');
    expect(canonicalJson('😀')).toBe('"😀"');
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [10n], [undefined], [[undefined]]])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('is read back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      })
    );
  });
});
