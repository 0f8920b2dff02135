import type { ASTNode } from '@marcbachmann/cel-js';
import type { ExpressionError } from './error';
import { failing, refuse } from './context';
import type { CompileContext } from './context';
import type { Part } from './scope';
import { kindOf, kindWords } from './values';
import type { Value } from './values';

/** A part that has to be true or false; null counts as false. */
export function question(node: ASTNode, context: CompileContext): Part & { readonly holds: (value: Value) => boolean } {
  const part = context.compile(node, context);
  if (!['truth', 'nothing', 'any'].includes(part.kind)) {
    refuse(context, node, `must be true or false, but is ${kindWords(part.kind)}`);
  }
  const fail = failing(context, node);
  return { ...part, holds: (value) => truthOf(value, fail) };
}

/** @throws the failure for a value that is neither true, false nor null */
export function truthOf(value: Value, fail: (what: string) => ExpressionError): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  throw fail(`must be true or false, but is ${kindWords(kindOf(value))}`);
}

/** `&&` and `||`: the right side runs only where it decides. */
export function logical(node: Extract<ASTNode, { op: '&&' | '||' }>, context: CompileContext): Part {
  const [left, right] = [question(node.args[0], context), question(node.args[1], context)];
  const decided = node.op === '||';
  return {
    kind: 'truth',
    run: (scope) => (left.holds(left.run(scope)) === decided ? decided : right.holds(right.run(scope))),
  };
}

export function not(node: Extract<ASTNode, { op: '!_' }>, context: CompileContext): Part {
  const part = question(node.args, context);
  return { kind: 'truth', run: (scope) => !part.holds(part.run(scope)) };
}

export function minus(node: Extract<ASTNode, { op: '-_' }>, context: CompileContext): Part {
  const part = context.compile(node.args, context);
  if (!['number', 'nothing', 'any'].includes(part.kind)) {
    refuse(context, node, `"-" cannot work on ${kindWords(part.kind)}`);
  }
  const fail = failing(context, node);
  return {
    kind: 'number',
    run: (scope) => {
      const value = part.run(scope);
      if (value === null) return null;
      if (typeof value !== 'number') throw fail(`"-" cannot work on ${kindWords(kindOf(value))}`);
      return -value;
    },
  };
}

/** `condition ? one : other`: only the chosen one runs. */
export function choice(node: Extract<ASTNode, { op: '?:' }>, context: CompileContext): Part {
  const condition = question(node.args[0], context);
  const [yes, no] = [context.compile(node.args[1], context), context.compile(node.args[2], context)];
  return {
    kind: yes.kind === no.kind ? yes.kind : 'any',
    run: (scope) => (condition.holds(condition.run(scope)) ? yes : no).run(scope),
  };
}
