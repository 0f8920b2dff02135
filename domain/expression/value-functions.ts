import { sizeOf } from './text-functions';
import type { CallTools, FunctionSpec } from './functions';
import { isEmpty, isSame } from './values';
import type { Value } from './values';

const TRUE_TEXTS = ['true', '1', 'yes'];
const FALSE_TEXTS = ['false', '0', 'no'];

/** Parameters are given nulls: these functions are about what is not there. */
const about = (
  parameters: FunctionSpec['parameters'],
  result: FunctionSpec['result'],
  run: FunctionSpec['run']
): FunctionSpec => ({ parameters, result, seesNull: true, run });

const written: FunctionSpec = {
  parameters: ['any'],
  result: 'text',
  run: ([value], { fail }) => {
    if (typeof value === 'object' || value === undefined) throw fail('writes texts, numbers, true and false only');
    return String(value);
  },
};
const truth: FunctionSpec = {
  parameters: ['any'],
  result: 'truth',
  run: ([value], { fail }) => {
    const text = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
    if (TRUE_TEXTS.includes(text)) return true;
    if (FALSE_TEXTS.includes(text)) return false;
    throw fail('takes true, 1, yes, false, 0 and no');
  },
};
const wholeNumber: FunctionSpec = {
  parameters: ['number'],
  result: 'number',
  run: ([value]) => Math.trunc(Number(value)),
};

export const VALUE_FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  BitAnd: {
    parameters: ['number', 'number'],
    result: 'number',
    run: ([a, b], { fail }) => {
      if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) throw fail('takes whole numbers');
      return Number(BigInt(Number(a)) & BigInt(Number(b)));
    },
  },
  CBool: truth,
  bool: truth,
  CStr: written,
  string: written,
  int: wholeNumber,
  double: { parameters: ['number'], result: 'number', run: ([value]) => value ?? null },
  size: { parameters: ['any'], result: 'number', run: ([value], tools) => sizeOf(value ?? null, tools) },
  Coalesce: {
    ...about([], 'any', (values) => values.find((value) => !isEmpty(value)) ?? null),
    rest: 'any',
  },
  IIF: about(['truth', 'any', 'any'], 'any', ([condition, yes, no]) => (condition === true ? yes : no) ?? null),
  IgnoreFlowIfNullOrEmpty: about(['any'], 'any', ([value = null]) => (isEmpty(value) ? null : value)),
  IsNull: about(['any'], 'truth', ([value]) => value === null),
  IsNullOrEmpty: about(['any'], 'truth', ([value = null]) => isEmpty(value)),
  IsPresent: about(['any'], 'truth', ([value = null]) => !isEmpty(value)),
  IsString: about(['any'], 'truth', ([value]) => typeof value === 'string'),
  Not: about(['truth'], 'truth', ([value]) => value !== true),
  // Switch(value, otherwise, key, result, key, result, ...)
  Switch: { ...about(['any', 'any'], 'any', switched), rest: 'any' },
};

function switched([value = null, otherwise = null, ...cases]: readonly Value[], { budget }: CallTools): Value {
  for (let at = 0; at + 1 < cases.length; at += 2) {
    if (isSame(cases[at] ?? null, value, budget)) return cases[at + 1] ?? null;
  }
  return otherwise;
}
