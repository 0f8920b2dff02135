import { explanationText } from '../../cli/commands/insight-explain';
import type { ExplanationView } from '../../cli/commands/insight-explain';
import { whatIfText } from '../../cli/commands/insight-what-if';
import type { WhatIfView } from '../../cli/commands/insight-what-if';
import { emptyWhatIfCounts } from '../../domain/what-if';

describe('rollcall what-if', () => {
  const found: WhatIfView = {
    ...emptyWhatIfCounts(),
    requestId: 'request-1',
    hash: 'c'.repeat(64),
    runId: 'corp-1',
    readAt: '2026-03-02T11:00:00.000Z',
    configVersion: 1,
    people: 12,
    differing: 3,
    changes: { ...emptyWhatIfCounts().changes, deactivated: { now: 1, then: 4 } },
    rules: { '3.1 outOfScope': { now: 0, then: 3 } },
    groupsCreated: { now: 0, then: 0 },
    groupsAdopted: { now: 0, then: 0 },
    gate: [{ kind: 'absent', count: 4, used: 0, limit: 3, denominator: 12, verdict: 'held' }],
    holdReasons: [],
    warnings: ['Something is not known.'],
  };

  it('shows both configurations side by side, without what is zero, and what the limits would hold', () => {
    const text = whatIfText(found);
    expect(text).toMatch(/deactivated +1 +4/);
    expect(text).toMatch(/3\.1 outOfScope +0 +3/);
    expect(text).not.toMatch(/created/);
    expect(text).toMatch(/would be held +absent: 4, limit 3/);
    expect(text).toMatch(/not known +Something is not known\./);
    expect(text).toMatch(new RegExp(`hash +${'c'.repeat(64)}`));
  });
});

describe('rollcall explain', () => {
  const reason = { code: 'disabled', rule: '3.1', words: 'is disabled at the source (rule 3.1)' };
  const found: ExplanationView = {
    requestId: 'request-1',
    at: '2026-03-02T11:00:00.000Z',
    runId: 'corp-7',
    configVersion: 2,
    externalId: 'id-1',
    presence: 'present',
    source: { active: false, attributes: { username: 'ada\u001b[31m' } },
    groups: [{ externalId: 'g', name: 'dev', standsFor: [] }],
    scope: [{ clause: 'exclude', says: 'out', reason: { ...reason, words: 'is excluded by name' }, matched: [] }],
    mapping: [
      {
        attribute: 'username',
        steps: [
          { step: 'source', before: ['login'], after: ['ADA'] },
          { step: 'lowercase', before: ['ADA'], after: ['ada'] },
        ],
        result: { kind: 'values', texts: ['ada'] },
      },
    ],
    prepared: null,
    contests: { username: null, email: null },
    candidates: [],
    link: null,
    desired: null,
    desiredGroups: [],
    actual: null,
    operations: [
      {
        kind: 'deactivateUser',
        before: { active: true },
        after: { active: false },
        status: 'done',
        reasons: [reason],
        error: null,
        appliedBy: 'corp-7',
      },
    ],
    standing: 'unchanged',
    reasons: [reason],
    outcome: 'deactivated',
    error: null,
  };

  it('leads from the source through scope and mapping to each operation and its rule', () => {
    const text = explanationText(found);
    expect(text).toMatch(/as of +corp-7 \(read 2026-03-02T11:00:00.000Z\)/);
    expect(text).toMatch(/exclude +OUT: is excluded by name/);
    expect(text).toContain('source login: "ADA" -> lowercase: "ada"');
    expect(text).toMatch(/deactivateUser +done .*is disabled at the source \(rule 3\.1\)/);
  });

  it('takes what steers a terminal out of values', () => {
    expect(explanationText(found)).not.toContain('\u001b');
  });
});
