import type { Given, Step } from './scopes.ts';
import type { SourceFile } from './source.ts';
import type { FunctionNode, Node } from './syntax.ts';

/** A call, `new`, or element of JSX that a function gets its parameters from. */
export type Call = { node: Node; file: SourceFile; frame: Frame };

/** The calls that are being followed: where each function’s parameters come from. */
export type Frame = ReadonlyMap<FunctionNode, Call>;

/** An expression, or what is in it under a path. */
export type Ref = {
  node: Node;
  file: SourceFile;
  path: readonly Step[];
  frame: Frame;
  /** Taken only where something before it is missing: what stands after `||` and `??`. */
  isFallback: boolean;
};

/** What following an expression needs of the whole project. */
export type Trace = {
  /** What an expression may be, followed through names, files, functions and objects to what goes no further. */
  (ref: Ref): readonly Ref[];
  files: readonly SourceFile[];
  /** The same for an expression as it stands, outside of any call; worked out once. */
  plainly(file: SourceFile, node: Node): readonly Ref[];
  /** Functions whose parameters were met without a call that gives them. */
  unbound: Set<FunctionNode>;
};

export const at = (ref: Ref, node: Node, path: readonly Step[] = ref.path): Ref => ({ ...ref, node, path });

/** An expression of a file as it stands there, outside of any call. */
export function refOf(file: SourceFile, node: Node, path: readonly Step[] = []): Ref {
  return { node, file, path, frame: new Map(), isFallback: false };
}

export type { Given, Step };
