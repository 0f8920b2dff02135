import { compileCondition, evaluateCondition, evaluateGroupCondition } from '../../../domain/expression/evaluate';
import { subject, valueOf } from './support';

describe('attributes', () => {
  it.each([
    ['user.givenName', 'Ada'],
    ['user.profile.deep.site', 'Bonn'],
    ['user.profile["login"]', 'ada'],
    ['user.extension.cost', 'K-1'],
    ['user["extension.cost"]', 'K-1'],
    ['user.mails.value', 'first@corp.com'],
    ['user.mails[1].value', 'second@corp.com'],
    ['user.tags[1]', 'red'],
    ['user.tags[9]', null],
    ['user.externalId', 'a-1'],
    ['user.active', true],
    ['user.nobody', null],
    ['user.nobody.nothing[3].more', null],
    ['user.constructor', null],
    ['user["__proto__"]', null],
    ['user.tags', ['blue', 'red', 'blue']],
    ['groups', ['jira-users', 'jira-dev']],
    ['existing.username', 'ada'],
    ['existing.email', null],
    ['link.state', 'active'],
    ['has(user.mail)', true],
    ['has(user.nobody)', false],
    ['has(user.profile.nothing)', false],
  ])('%s is %j', (source, expected) => {
    expect(valueOf(source)).toEqual(expected);
  });
});

describe('operators', () => {
  it.each([
    ["user.givenName + ' ' + user.surname", 'Ada Müller-Lüdenscheidt'],
    ['user.givenName + user.nobody', null],
    ["'no. ' + user.number", 'no. 42'],
    ['1 + 2 * 3', 7],
    ['7 / 2', 3.5],
    ['7 % 4 - 1', 2],
    ['-user.number', -42],
    ['-user.nobody', null],
    ['user.number * user.nobody', null],
    ['[1] + [2, 3]', [1, 2, 3]],
    ['user.number == 42', true],
    ["user.number == '42'", false],
    ['user.nobody == null', true],
    ['user.mails == user.mails', true],
    ["{'a': [1]} == {'a': [1]}", true],
    ["{'a': [1]} != {'a': [2]}", true],
    ['user.number > 41 && user.number >= 42', true],
    ['user.number < 42 || user.number <= 41', false],
    ["user.givenName < 'B'", true],
    ['user.nobody < 3', false],
    ['user.nobody >= 3', false],
    ["'red' in user.tags", true],
    ["'green' in user.tags", false],
    ["'green' in user.nobody", false],
    ["'login' in user.profile", true],
    ['!user.flag', false],
    ['!user.nobody', true],
    ['user.nobody && true', false],
    ['user.flag || user.number', true],
    ["user.flag ? 'yes' : 'no'", 'yes'],
    ["user.nobody ? 'yes' : 'no'", 'no'],
    ["'a\\nb' + r'\\d'", 'a\nb\\d'],
  ])('%s is %j', (source, expected) => {
    expect(valueOf(source)).toEqual(expected);
  });

  it.each([
    ['user.number && true', 'must be true or false, but is a number (line 1, column 1)'],
    ["user.flag ? 1 : 2 + user.flag + 'x'", 1],
    ['user.number < user.givenName', 'cannot compare a number with a text (line 1, column 1)'],
    ['user.number * user.givenName', 'cannot calculate with a text (line 1, column 1)'],
    ["true &&\n  user.tags + 'x' == 'x'", '"+" cannot join a list and a text (line 2, column 3)'],
    ['user.number / 0', 'the result is no number: a division by zero, or too large (line 1, column 1)'],
    ['user.number / 0.0 > 1', 'the result is no number: a division by zero, or too large (line 1, column 1)'],
    ['1 in user.number', '"in" needs a list, not a number (line 1, column 1)'],
    ['-user.givenName', '"-" cannot work on a text (line 1, column 1)'],
    ['user.givenName.exists(x, true)', 'must be a list, but is a text (line 1, column 1)'],
  ])('%s fails: %s', (source, expected) => {
    expect(valueOf(source)).toBe(typeof expected === 'string' ? `failed: ${expected}` : expected);
  });

  it('what is not chosen does not run', () => {
    expect(valueOf('user.flag ? 1 : 1 / user.none * 0 + 1 / 0')).toBe(1);
    expect(valueOf('user.flag || 1 / 0 > 1')).toBe(true);
    expect(valueOf('user.off && 1 / 0 > 1')).toBe(false);
  });
});

describe('macros', () => {
  it.each([
    ["groups.exists(g, g.startsWith('jira-d'))", true],
    ["groups.all(g, g.startsWith('jira-'))", true],
    ["groups.all(g, g == 'jira-dev')", false],
    ["groups.exists_one(g, g.endsWith('dev'))", true],
    ["user.tags.exists_one(t, t == 'blue')", false],
    ["user.tags.filter(t, t != 'red')", ['blue', 'blue']],
    ["user.tags.map(t, t + '!')", ['blue!', 'red!', 'blue!']],
    ["user.tags.map(t, t == 'red', t + '!')", ['red!']],
    ['user.mails.filter(m, m.primary)[0].value', 'second@corp.com'],
    ['user.nobody.exists(x, true)', false],
    ['user.nobody.map(x, x)', []],
    ['user.profile.map(name, name)', ['login', 'deep']],
    ['[1, 2].map(x, [10, 20].map(y, x * y)).map(l, l[0] + l[1])', [30, 60]],
    ['[1, 2].map(x, [5].map(y, y).size() + x)', [2, 3]],
    ['[[1]].map(user, user[0])', [1]],
  ])('%s is %j', (source, expected) => {
    expect(valueOf(source)).toEqual(expected);
  });
});

describe('conditions', () => {
  it.each([
    ['user.flag', { value: true }],
    ['user.nobody', { value: false }],
    ['user.number', { failed: 'the result must be true or false, but is a number' }],
    ['1 / 0 > 1', { failed: 'the result is no number: a division by zero, or too large (line 1, column 1)' }],
    ['user.', { failed: 'Expected IDENTIFIER, got EOF (line 1, column 6)' }],
  ])('%s: %j', (source, expected) => {
    expect(evaluateCondition(source, subject())).toEqual(expected);
  });

  it('about a group see its attributes, id and name', () => {
    const group = { externalId: 'g-1', name: 'jira-dev', attributes: { mail: 'dev@corp.com', name: 'other' } };
    expect(evaluateGroupCondition("group.mail.endsWith('@corp.com') && group.id == 'g-1'", group)).toEqual({
      value: true,
    });
    expect(evaluateGroupCondition("group.name == 'jira-dev'", group)).toEqual({ value: true });
    expect(evaluateGroupCondition('user.active', group)).toEqual({ failed: expect.stringContaining('"user"') });
  });

  it.each(["'text'", '1 + 2', '[true]', 'Join(user.a)'])('%s is refused: it can never be true or false', (source) => {
    expect(() => compileCondition(source, 'user')).toThrow('must be true or false');
  });
});
