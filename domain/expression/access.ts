import type { ASTNode } from '@marcbachmann/cel-js';
import { own } from '../records';
import { valueOfParts } from '../paths';
import { refuse, refuseName } from './context';
import type { CompileContext } from './context';
import type { Part } from './scope';
import { isList, isRecord, kindWords } from './values';
import type { Value } from './values';

/** A variable: of a macro, or one of those the expression is given. */
export function variable(node: Extract<ASTNode, { op: 'id' }>, context: CompileContext): Part {
  const name = node.args;
  const local = context.locals.lastIndexOf(name);
  if (local >= 0) return { kind: 'any', run: ({ locals }) => locals[local] ?? null };
  if (!context.variables.includes(name)) refuseName(context, node, 'variable', name, context.variables);
  context.uses.add(name);
  if (name === 'user') return { kind: 'record', run: ({ user }) => user?.attributes ?? null };
  return { kind: name === 'groups' ? 'list' : 'any', run: ({ variables }) => own(variables, name) ?? null };
}

/** A field. Below `user` a chain of fields is a path as in `source`; nothing in it is an error, only null. */
export function field(node: Extract<ASTNode, { op: '.' }>, context: CompileContext): Part {
  const path = userPath(node, context);
  if (path !== null) {
    context.uses.add('user');
    context.paths.add(path.join('.'));
    return { kind: 'any', run: ({ user }) => (user === null ? null : (valueOfParts(user, path) ?? null)) };
  }
  const [of, name] = node.args;
  const part = context.compile(of, context);
  if (['text', 'number', 'truth'].includes(part.kind)) {
    refuse(context, node, `${kindWords(part.kind)} has no field "${name}"`);
  }
  return { kind: 'any', run: (scope) => entryOf(part.run(scope), name) };
}

/** `list[0]`, `record['name']`: null where there is no such entry. */
export function index(node: Extract<ASTNode, { op: '[]' }>, context: CompileContext): Part {
  const [on, name] = node.args;
  const isUser = on.op === 'id' && on.args === 'user' && !context.locals.includes('user');
  if (isUser && name.op === 'value' && typeof name.args === 'string') context.paths.add(name.args);
  const [of, at] = [context.compile(on, context), context.compile(name, context)];
  return { kind: 'any', run: (scope) => entryOf(of.run(scope), at.run(scope)) };
}

export function list(node: Extract<ASTNode, { op: 'list' }>, context: CompileContext): Part {
  const parts = node.args.map((entry) => context.compile(entry, context));
  return { kind: 'list', run: (scope) => parts.map((part) => part.run(scope)) };
}

export function record(node: Extract<ASTNode, { op: 'map' }>, context: CompileContext): Part {
  const entries = node.args.map(([name, value]) => {
    if (name.op !== 'value' || typeof name.args !== 'string') refuse(context, name, 'a name must be written as a text');
    return [name.args, context.compile(value, context)] as const;
  });
  return { kind: 'record', run: (scope) => Object.fromEntries(entries.map(([name, part]) => [name, part.run(scope)])) };
}

function entryOf(value: Value, at: Value): Value {
  if (isList(value)) {
    if (typeof at === 'number') return value[at] ?? null;
    const [first] = value;
    return first === undefined || isList(first) ? null : entryOf(first, at);
  }
  return isRecord(value) && typeof at === 'string' ? (own(value, at) ?? null) : null;
}

function userPath(node: ASTNode, context: CompileContext): readonly string[] | null {
  const parts: string[] = [];
  let at = node;
  while (at.op === '.') {
    parts.unshift(at.args[1]);
    at = at.args[0];
  }
  const isUser = at.op === 'id' && at.args === 'user' && !context.locals.includes('user');
  return isUser && context.variables.includes('user') ? parts : null;
}
