import { Environment } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { field, index, list, record, variable } from './access';
import { call, method } from './calls';
import { refuse } from './context';
import type { CompileContext } from './context';
import { ExpressionError, placeAt } from './error';
import { choice, logical, minus, not } from './logic';
import { binary } from './operators';
import type { Part } from './scope';
import { kindOf } from './values';

export const EXPRESSION_LENGTH_LIMIT = 10_000;
const LIMITS = { maxAstNodes: 1_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 64 };

/** Reads the syntax of CEL; what it means is decided here, in bounded steps (docs/decisions/expressions.md). */
const grammar = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS });

/** An expression, ready to run for one person after another. */
export interface Compiled extends Part {
  readonly source: string;
  /** The variables it reads. */
  readonly uses: ReadonlySet<string>;
  /** Paths of the attributes of `user` that it names. */
  readonly paths: ReadonlySet<string>;
}

/**
 * Compiles and checks an expression.
 * @throws ExpressionError with the place of what is wrong
 */
export function compile(source: string, variables: readonly string[]): Compiled {
  if (source.length > EXPRESSION_LENGTH_LIMIT) {
    throw new ExpressionError(`is longer than ${EXPRESSION_LENGTH_LIMIT} characters`, null);
  }
  const read = { uses: new Set<string>(), paths: new Set<string>() };
  const root = parse(source);
  return { source, ...read, ...compileNode(root, { source, variables, locals: [], ...read, compile: compileNode }) };
}

function parse(source: string): ASTNode {
  try {
    return grammar.parse(source).ast;
  } catch (error) {
    const { summary, range } = error as { readonly summary?: string; readonly range?: { readonly start: number } };
    if (summary === undefined) throw error;
    throw new ExpressionError(summary, placeAt(source, range?.start ?? 0), null, { cause: error });
  }
}

/** Every part costs a step each time it runs. */
function compileNode(node: ASTNode, context: CompileContext): Part {
  const { kind, run } = partOf(node, context);
  return {
    kind,
    run: (scope) => {
      scope.budget.spend(1);
      return run(scope);
    },
  };
}

function partOf(node: ASTNode, context: CompileContext): Part {
  switch (node.op) {
    case 'value':
      return constant(node, context);
    case 'id':
      return variable(node, context);
    case '.':
      return field(node, context);
    case '[]':
      return index(node, context);
    case 'call':
      return call(node, context);
    case 'rcall':
      return method(node, context);
    case 'list':
      return list(node, context);
    case 'map':
      return record(node, context);
    case '?:':
      return choice(node, context);
    case '&&':
    case '||':
      return logical(node, context);
    case '!_':
      return not(node, context);
    case '-_':
      return minus(node, context);
    case '.?':
    case '[?]':
      return refuse(context, node, `"${node.op}" is not known here: a missing attribute is null anyway`);
    default:
      return binary(node, context);
  }
}

function constant(node: Extract<ASTNode, { op: 'value' }>, context: CompileContext): Part {
  const { args } = node;
  const value = typeof args === 'bigint' ? Number(args) : args;
  if (typeof value === 'object' && value !== null) {
    return refuse(context, node, 'only texts, numbers, true, false and null are known here');
  }
  return { kind: kindOf(value), run: () => value };
}
