import type { ASTNode, BinaryOperator } from '@marcbachmann/cel-js';
import type { Budget } from '../budget';
import type { ExpressionError } from './error';
import { failing, refuse } from './context';
import type { CompileContext } from './context';
import type { Part, Scope } from './scope';
import { isList, isRecord, isSame, kindOf, kindWords } from './values';
import type { StaticKind, Value } from './values';

type Fail = (what: string) => ExpressionError;
type Calculation = (left: Value, right: Value, budget: Budget, fail: Fail) => Value;
interface Operator {
  readonly kinds: readonly StaticKind[];
  readonly result: StaticKind;
  readonly run: Calculation;
}

const ANY: readonly StaticKind[] = ['text', 'number', 'truth', 'list', 'record', 'nothing'];
const NUMBERS = ['number', 'nothing'] as const;
const ORDERED = ['number', 'text', 'nothing'] as const;

/** Nothing is in the result where a side is null: a missing attribute is no error (docs/mapping.md). */
const OPERATORS: Readonly<Record<BinaryOperator, Operator>> = {
  '==': { kinds: ANY, result: 'truth', run: (a, b, budget) => isSame(a, b, budget) },
  '!=': { kinds: ANY, result: 'truth', run: (a, b, budget) => !isSame(a, b, budget) },
  '<': comparing((order) => order < 0),
  '<=': comparing((order) => order <= 0),
  '>': comparing((order) => order > 0),
  '>=': comparing((order) => order >= 0),
  '+': { kinds: ['text', 'number', 'list', 'nothing'], result: 'any', run: add },
  '-': calculating((a, b) => a - b),
  '*': calculating((a, b) => a * b),
  '/': calculating((a, b) => a / b),
  '%': calculating((a, b) => a % b),
  in: { kinds: ANY, result: 'truth', run: contains },
};

/** An operator between two parts. */
export function binary(node: Extract<ASTNode, { op: BinaryOperator }>, context: CompileContext): Part {
  const operator = OPERATORS[node.op];
  const [left, right] = [context.compile(node.args[0], context), context.compile(node.args[1], context)];
  for (const [side, part] of [left, right].entries()) {
    const wrong = part.kind !== 'any' && !operator.kinds.includes(part.kind);
    if (wrong) refuse(context, node.args[side] ?? node, `"${node.op}" cannot work on ${kindWords(part.kind)}`);
  }
  const fail = failing(context, node);
  return { kind: resultOf(node.op, left, right), run: (scope) => operated(operator, left, right, scope, fail) };
}

function operated(operator: Operator, left: Part, right: Part, scope: Scope, fail: Fail): Value {
  return operator.run(left.run(scope), right.run(scope), scope.budget, fail);
}

function resultOf(op: BinaryOperator, left: Part, right: Part): StaticKind {
  if (op !== '+') return OPERATORS[op].result;
  if (left.kind === right.kind) return left.kind;
  return left.kind === 'text' || right.kind === 'text' ? 'text' : 'any';
}

function add(left: Value, right: Value, budget: Budget, fail: Fail): Value {
  if (left === null || right === null) return null;
  if (typeof left === 'number' && typeof right === 'number') return finite(left + right, fail);
  if (isList(left) && isList(right)) {
    budget.spend(left.length + right.length);
    return [...left, ...right];
  }
  if (isWritten(left) && isWritten(right)) {
    const [first, second] = [String(left), String(right)];
    budget.make(first.length + second.length);
    return first + second;
  }
  throw fail(`"+" cannot join ${kindWords(kindOf(left))} and ${kindWords(kindOf(right))}`);
}

const isWritten = (value: Value): value is string | number => typeof value === 'string' || typeof value === 'number';

function contains(item: Value, list: Value, budget: Budget, fail: Fail): Value {
  if (list === null) return false;
  if (isList(list)) return list.some((entry) => isSame(entry, item, budget));
  if (isRecord(list)) return typeof item === 'string' && Object.hasOwn(list, item);
  throw fail(`"in" needs a list, not ${kindWords(kindOf(list))}`);
}

function comparing(holds: (order: number) => boolean): Operator {
  const run: Calculation = (left, right, budget, fail) => {
    if (left === null || right === null) return false;
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right);
    if (typeof left === 'string' && typeof right === 'string') {
      budget.pass(Math.min(left.length, right.length));
      return holds(left === right ? 0 : left < right ? -1 : 1);
    }
    throw fail(`cannot compare ${kindWords(kindOf(left))} with ${kindWords(kindOf(right))}`);
  };
  return { kinds: ORDERED, result: 'truth', run };
}

function calculating(calculate: (left: number, right: number) => number): Operator {
  const run: Calculation = (left, right, _budget, fail) => {
    if (left === null || right === null) return null;
    if (typeof left === 'number' && typeof right === 'number') return finite(calculate(left, right), fail);
    throw fail(`cannot calculate with ${kindWords(kindOf(typeof left === 'number' ? right : left))}`);
  };
  return { kinds: NUMBERS, result: 'number', run };
}

function finite(value: number, fail: Fail): number {
  if (Number.isFinite(value)) return value;
  throw fail('the result is no number: a division by zero, or too large');
}
