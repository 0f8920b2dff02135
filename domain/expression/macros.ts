import type { ASTNode } from '@marcbachmann/cel-js';
import { failing, refuse } from './context';
import type { CompileContext } from './context';
import { question } from './logic';
import type { Part, Scope } from './scope';
import { isList, isRecord, kindOf, kindWords } from './values';
import type { Value } from './values';

type Call = Extract<ASTNode, { op: 'rcall' }>;
/** Goes over the entries of a list; `each` sets the variable to an entry and runs a part. */
type Walk = (entries: readonly Value[], each: (part: Part, entry: Value) => Value) => Value;

/** The macros of CEL, by name and number of arguments. */
const MACROS: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

export function isMacro(name: string): boolean {
  return Object.hasOwn(MACROS, name);
}

/** `has(user.x)`: whether there is a value. */
export function has(node: Extract<ASTNode, { op: 'call' }>, context: CompileContext): Part {
  const [argument, ...more] = node.args[1];
  if (argument === undefined || more.length > 0 || argument.op !== '.') {
    return refuse(context, node, 'has() needs one attribute, as in has(user.department)');
  }
  const part = context.compile(argument, context);
  return { kind: 'truth', run: (scope) => part.run(scope) !== null };
}

/** `list.all(x, …)`, `exists`, `exists_one`, `filter` and `map`; of a record the names are gone over, of null nothing. */
export function macro(node: Call, context: CompileContext): Part {
  const [name, receiver, [iterator, ...bodies]] = node.args;
  if (iterator?.op !== 'id' || !(MACROS[name] ?? []).includes(bodies.length + 1)) {
    return refuse(context, node, `${name}() needs the name of a variable and what to do with it`);
  }
  const over = context.compile(receiver, context);
  const depth = context.locals.length;
  const inner = { ...context, locals: [...context.locals, iterator.args] };
  const walk = walkOf(name, bodies, inner);
  const fail = failing(context, receiver);
  const run = (scope: Scope): Value => {
    const entries = entriesOf(over.run(scope), fail);
    return walk(entries, (part, entry) => {
      scope.locals.length = depth;
      scope.locals.push(entry);
      return part.run(scope);
    });
  };
  return { kind: name === 'map' || name === 'filter' ? 'list' : 'truth', run };
}

function walkOf(name: string, [first, second]: readonly ASTNode[], context: CompileContext): Walk {
  if (first === undefined) throw new Error('a macro without a body was let through');
  if (name === 'map') return mapping(first, second, context);
  const part = question(first, context);
  switch (name) {
    case 'all':
      return (entries, each) => entries.every((entry) => part.holds(each(part, entry)));
    case 'exists':
      return (entries, each) => entries.some((entry) => part.holds(each(part, entry)));
    case 'exists_one':
      return (entries, each) => entries.filter((entry) => part.holds(each(part, entry))).length === 1;
    default:
      return (entries, each) => entries.filter((entry) => part.holds(each(part, entry)));
  }
}

function mapping(first: ASTNode, second: ASTNode | undefined, context: CompileContext): Walk {
  if (second === undefined) {
    const part = context.compile(first, context);
    return (entries, each) => entries.map((entry) => each(part, entry));
  }
  const [wanted, part] = [question(first, context), context.compile(second, context)];
  return (entries, each) =>
    entries.filter((entry) => wanted.holds(each(wanted, entry))).map((entry) => each(part, entry));
}

function entriesOf(value: Value, fail: (what: string) => Error): readonly Value[] {
  if (value === null) return [];
  if (isList(value)) return value;
  if (isRecord(value)) return Object.keys(value);
  throw fail(`must be a list, but is ${kindWords(kindOf(value))}`);
}
