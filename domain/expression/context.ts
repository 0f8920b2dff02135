import type { ASTNode } from '@marcbachmann/cel-js';
import { ExpressionError, placeAt } from './error';
import type { Part } from './scope';

/** What compiling one part of an expression may know. */
export interface CompileContext {
  readonly source: string;
  readonly variables: readonly string[];
  /** Variables of the macros around this part, the outermost first. */
  readonly locals: readonly string[];
  /** Collects the variables that are read. */
  readonly uses: Set<string>;
  /** Collects the paths of attributes of `user` that are read. */
  readonly paths: Set<string>;
  /** Compiles a part within this one. */
  readonly compile: (node: ASTNode, context: CompileContext) => Part;
}

/** Refuses a part of an expression, naming its place. */
export function refuse(context: CompileContext, node: ASTNode, what: string): never {
  throw new ExpressionError(what, placeAt(context.source, node.start));
}

/** A failure while a part runs, with the place of the part. */
export function failing(context: CompileContext, node: ASTNode): (what: string) => ExpressionError {
  return (what) => new ExpressionError(what, placeAt(context.source, node.start));
}

/** Refuses a name that is not known. */
export function refuseName(
  context: CompileContext,
  node: ASTNode,
  what: 'variable' | 'function' | 'method',
  name: string,
  known: readonly string[]
): never {
  throw new ExpressionError(`unknown ${what} "${name}"`, placeAt(context.source, node.start), { name, known });
}
