import type { Import } from '../../../../javascript/index-imports.ts';
import type { PathSegment } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { ClassNode, FunctionNode, Node } from '../../../../javascript/syntax-tree.ts';
import type { WebpackModule } from '../../../../javascript/webpack-modules.ts';

/** An expression, or the member of it under a path. */
export type Reference = {
  node: Node;
  file: SourceFile;
  path: readonly PathSegment[];
  context: CallContext;
  /** Used only where another value is missing: what follows `||` and `??`. */
  isFallback: boolean;
};

/** The calls that are being followed: where each function gets its parameters from. */
export type CallContext = ReadonlyMap<FunctionNode, CallSite>;

/** A call, `new` or JSX element that gives a function its parameters. */
export type CallSite = { node: Node; file: SourceFile; context: CallContext };

/** Follows expressions through a project. */
export type Tracer = {
  /**
   * What an expression can be, followed through names, files, functions and objects. Returns the expression itself when
   * it cannot be resolved further.
   */
  (reference: Reference): readonly Reference[];
  files: readonly SourceFile[];
  filesByPath: ReadonlyMap<string, SourceFile>;
  /** The same for an expression outside of any call; computed once. */
  traceNode(file: SourceFile, node: Node): readonly Reference[];
  /** Whether code never runs in a reader's browser. */
  isDead(place: Pick<Reference, 'file' | 'node'>): boolean;
  /** Whether an assigned value takes the place of those before it in a reader's browser. */
  isAlwaysAssigned(place: Pick<Reference, 'file' | 'node'>): boolean;
  /** Functions whose parameters were reached without a call that gives them. */
  unboundFunctions: Set<FunctionNode>;
  /** Who calls what in the project; computed once. */
  callGraph(): CallGraph;
  /** The modules of a bundle, by the id that others require them by; computed once. */
  webpackModules(): ReadonlyMap<string, WebpackModule>;
  /** The statements that import from a file, or export what it exports; computed once. */
  importsOf(file: SourceFile): readonly Import[];
  /** The expressions that the body of a function returns; computed once. */
  returnsIn(body: Node): readonly Node[];
  /** The expressions that a class assigns to `this.name`, or to its own name’s; computed once. */
  assignmentsIn(owner: ClassNode): ReadonlyMap<string, readonly Node[]>;
};

export type CallGraph = {
  /** Every call of a function, `new` of its class and element of its component. */
  callersOf(called: FunctionNode): readonly CallSite[];
  /** `<Context.Provider value=…>`; `context` is the node that names the React context. */
  contextProviders: readonly { node: Node; file: SourceFile; context: Node }[];
  /** The values that browser code assigns to `window.name`, by name. */
  globals: ReadonlyMap<string, readonly AssignedValue[]>;
  /** `axios.defaults.baseURL = …`. */
  axiosBaseUrls: readonly AssignedValue[];
};

export type AssignedValue = { node: Node; file: SourceFile };

/** The same reference at another node, by default under the same path. */
export function withNode(
  reference: Reference,
  node: Node,
  path: readonly PathSegment[] = reference.path,
): Reference {
  return { ...reference, node, path };
}

/** An expression of a file, outside of any call. */
export function referenceTo(file: SourceFile, node: Node, path: readonly PathSegment[] = []): Reference {
  return { node, file, path, context: new Map(), isFallback: false };
}
