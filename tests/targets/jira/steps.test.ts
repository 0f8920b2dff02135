import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stepInGeneral } from '../../../targets/jira/answer';

const FOLDER = join(__dirname, '..', '..', '..', 'targets', 'jira');
/** Verbs of ours, of which there are a few. */
const WORDS = /\$\{(verb|VERBS\[method\])\}/g;

describe('the step of a request, by which requests are counted', () => {
  it.each([
    ["create group 'jira-dev'", 'create group'],
    ["add a member to group 'Ann's group'", 'add a member to group'],
    ["read the property 'x' of an account", 'read the property of an account'],
    ['create an account', 'create an account'],
  ])('is %s without the names in it', (step, general) => {
    expect(stepInGeneral({ step })).toBe(general);
  });

  it('names nothing outside quotes, wherever it is put together', () => {
    const steps = readdirSync(FOLDER)
      .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
      .flatMap((text) => [...text.matchAll(/\bstep(?::| =) `([^`]*)`/g)].map(([, step]) => step ?? ''));
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter((step) => stepInGeneral({ step: step.replace(WORDS, '') }).includes('${'))).toEqual([]);
  });
});
