import type { BindingSource, PathSegment } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode, Node } from '../../../../javascript/parse.ts';

/** A call, `new`, or element of JSX that a function gets its parameters from. */
export type CallSite = { node: Node; file: SourceFile; context: CallContext };

/** The calls that are being followed: where each function’s parameters come from. */
export type CallContext = ReadonlyMap<FunctionNode, CallSite>;

/** An expression, or what is in it under a path. */
export type Reference = {
  node: Node;
  file: SourceFile;
  path: readonly PathSegment[];
  context: CallContext;
  /** Taken only where something before it is missing: what stands after `||` and `??`. */
  isFallback: boolean;
};

/** What following an expression needs of the whole project. */
export type Tracer = {
  /** What an expression may be, followed through names, files, functions and objects to what goes no further. */
  (ref: Reference): readonly Reference[];
  files: readonly SourceFile[];
  /** The same for an expression as it stands, outside of any call; worked out once. */
  plainly(file: SourceFile, node: Node): readonly Reference[];
  /** Functions whose parameters were met without a call that gives them. */
  unbound: Set<FunctionNode>;
};

export const withNode = (ref: Reference, node: Node, path: readonly PathSegment[] = ref.path): Reference => ({
  ...ref,
  node,
  path,
});

/** An expression of a file as it stands there, outside of any call. */
export function referenceTo(file: SourceFile, node: Node, path: readonly PathSegment[] = []): Reference {
  return { node, file, path, context: new Map(), isFallback: false };
}

export type { BindingSource as Given, PathSegment as Step };
