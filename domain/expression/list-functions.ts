import { joined } from './text-functions';
import { isSame } from './values';
import type { FunctionSpec } from './functions';
import type { Value } from './values';

const entries = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? (value as Value[]) : []);
const number = (value: Value | undefined): number => (typeof value === 'number' ? value : 0);

export const LIST_FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  Count: { parameters: ['list'], result: 'number', run: ([list]) => entries(list).length },
  // Counts from 1.
  Item: {
    parameters: ['list', 'number'],
    result: 'any',
    run: ([list, at]) => entries(list)[number(at) - 1] ?? null,
  },
  // Leaves out what is empty; lists among the arguments are taken entry by entry.
  Join: {
    parameters: ['text'],
    rest: 'any',
    seesNull: true,
    result: 'text',
    run: ([separator, ...values], tools) => {
      const all = values.flatMap((value) => (Array.isArray(value) ? entries(value) : [value]));
      const text = joined(all, typeof separator === 'string' ? separator : '', tools);
      return text === '' ? null : text;
    },
  },
  RemoveDuplicates: {
    parameters: ['list'],
    result: 'list',
    run: ([list], { budget }) => {
      const kept: Value[] = [];
      const texts = new Set<Value>();
      for (const value of entries(list)) {
        budget.spend(1);
        const isSimple = typeof value !== 'object' || value === null;
        if (isSimple ? texts.has(value) : kept.some((one) => isSame(one, value, budget))) continue;
        texts.add(value);
        kept.push(value);
      }
      return kept;
    },
  },
};
