import type { ASTNode } from '@marcbachmann/cel-js';
import { compilePattern, parseReplacement, PatternError } from '../pattern';
import { own } from '../records';
import { failing, refuse, refuseName } from './context';
import type { CompileContext } from './context';
import { FUNCTIONS, METHODS } from './functions';
import type { CallTools, FunctionSpec } from './functions';
import { has, isMacro, macro } from './macros';
import type { Part } from './scope';
import { isList, kindOf, kindWords } from './values';
import type { StaticKind, Value } from './values';

type Call = Extract<ASTNode, { op: 'call' }>;
type MethodCall = Extract<ASTNode, { op: 'rcall' }>;
type Literals = Pick<CallTools, 'pattern' | 'replacement'>;

/** `Name(arguments)`. */
export function call(node: Call, context: CompileContext): Part {
  const [name, args] = node.args;
  if (name === 'has') return has(node, context);
  const spec = own(FUNCTIONS, name);
  if (spec === undefined) return refuseName(context, node, 'function', name, Object.keys(FUNCTIONS));
  return application(spec, `${name}()`, node, args, context);
}

/** `value.name(arguments)`. */
export function method(node: MethodCall, context: CompileContext): Part {
  const [name, receiver, args] = node.args;
  if (isMacro(name)) return macro(node, context);
  const spec = own(METHODS, name);
  if (spec === undefined) return refuseName(context, node, 'method', name, Object.keys(METHODS));
  return application(spec, `${name}()`, node, [receiver, ...args], context);
}

function application(
  spec: FunctionSpec,
  name: string,
  node: ASTNode,
  args: readonly ASTNode[],
  context: CompileContext
): Part {
  checkCount(spec, name, node, args.length - (node.op === 'rcall' ? 1 : 0), context);
  const parts = args.map((arg, n) => argument(spec, n, arg, name, context));
  const literals = literalsOf(spec, args, context);
  const failAt = failing(context, node);
  const fail = (what: string): Error => failAt(`${name} ${what}`);
  return {
    kind: spec.result,
    run: (scope) => {
      const values = parts.map((part, n) => taken(part.run(scope), kindAt(spec, n), fail));
      if (spec.seesNull !== true && values.includes(null)) return spec.result === 'truth' ? false : null;
      return spec.run(values, { ...literals, budget: scope.budget, fail });
    },
  };
}

function checkCount(spec: FunctionSpec, name: string, node: ASTNode, count: number, context: CompileContext): void {
  const most = spec.parameters.length - (node.op === 'rcall' ? 1 : 0);
  const least = most - (spec.optional ?? 0);
  if (count >= least && (count <= most || spec.rest !== undefined)) return;
  const range = spec.rest !== undefined ? `at least ${least}` : least === most ? String(most) : `${least} to ${most}`;
  refuse(context, node, `${name} takes ${range} arguments, not ${count}`);
}

function argument(spec: FunctionSpec, n: number, node: ASTNode, name: string, context: CompileContext): Part {
  const part = context.compile(node, context);
  if (!mayBe(part.kind, kindAt(spec, n))) {
    refuse(context, node, `${name} needs ${kindWords(kindAt(spec, n))} here, not ${kindWords(part.kind)}`);
  }
  return part;
}

function kindAt({ parameters, rest }: FunctionSpec, n: number): StaticKind {
  return parameters[n] ?? rest ?? 'any';
}

/** Whether a value of one kind is taken where another is needed; `taken` does it. */
function mayBe(given: StaticKind, needed: StaticKind): boolean {
  if (given === needed || [given, needed].includes('any') || given === 'nothing') return true;
  if (needed === 'text') return given === 'number' || given === 'truth';
  return needed === 'number' ? given === 'text' : needed === 'list' && given !== 'record';
}

function taken(value: Value, needed: StaticKind, fail: (what: string) => Error): Value {
  const given = kindOf(value);
  if (value === null || needed === 'any' || given === needed) return value;
  if (needed === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if (needed === 'list' && given !== 'record') return [value];
  // A list of one value counts as that value, as it does under `source`.
  if (isList(value)) return value.length === 0 ? null : taken(onlyScalar(value[0]), needed, fail);
  if (needed === 'number' && typeof value === 'string') {
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (Number.isFinite(number)) return number;
  }
  throw fail(`needs ${kindWords(needed)}, not ${kindWords(given)}`);
}

const onlyScalar = (value: Value | undefined): Value =>
  value === undefined || typeof value === 'object' ? null : value;

function literalsOf(spec: FunctionSpec, args: readonly ASTNode[], context: CompileContext): Literals {
  if (spec.patternAt === undefined) return { pattern: null, replacement: null };
  const source = literal(args[spec.patternAt], context, 'pattern');
  const pattern = checked(source.node, context, () => compilePattern(source.text));
  const by = spec.replacementAt === undefined ? null : literal(args[spec.replacementAt], context, 'replacement');
  return { pattern, replacement: by && checked(by.node, context, () => parseReplacement(by.text, pattern)) };
}

function literal(
  node: ASTNode | undefined,
  context: CompileContext,
  what: string
): { readonly node: ASTNode; readonly text: string } {
  if (node === undefined) throw new Error(`a call without its ${what} was let through`);
  if (node.op === 'value' && typeof node.args === 'string') return { node, text: node.args };
  return refuse(context, node, `the ${what} must be written as a text, so that it can be checked`);
}

function checked<T>(node: ASTNode, context: CompileContext, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof PatternError) return refuse(context, node, `the pattern ${error.message}`);
    throw error;
  }
}
