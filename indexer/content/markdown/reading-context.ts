import type { Heading, RootContent } from 'mdast';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx';
import type { StaticScope } from '../../../javascript/static/evaluate.ts';
import type { StaticFields } from '../../../javascript/static/static-value.ts';
import type { Block, HeadingAnchor } from '../block.ts';
import type { NamedContent } from '../mdx/source-module.ts';

export type MdxElement = MdxJsxFlowElement | MdxJsxTextElement;

/** Called for what only a build can show. */
export type UnreadableContent = {
  expression(source: string): void;
  /** An element whose own text is in code; `isSilent` where its attributes and content say nothing either. */
  component(name: string, options: { isSilent: boolean }): void;
};

/** What the text of inline nodes depends on. */
export type InlineContext = {
  /** The source that the nodes' offsets refer to, for what is shown as written. */
  text: string;
  /** What the file's names stand for. */
  names: ReadonlyMap<string, NamedContent>;
  /** Constants, and the `props` of a partial or a component. */
  scope: StaticScope;
  /** What `{children}` shows; null in a page. */
  children: (() => Block[]) | null;
  unreadable: UnreadableContent;
  /** The blocks of the partial or component that an element names; null for any other element. */
  componentBlocks(node: MdxElement, context: InlineContext): Block[] | null;
};

export type BlockContext = InlineContext & {
  anchors: ReadonlyMap<Heading, HeadingAnchor>;
  /** Labels of tabs that only `<Tabs values={…}>` names, by value. */
  tabLabels: ReadonlyMap<string, string>;
  /** Whether both branches of a condition are read that only a build can evaluate: in a component that shows Markdown. */
  readsAllBranches: boolean;
  blocksOf(nodes: readonly RootContent[], context: BlockContext): Block[];
};

/** The attributes of an element that shows a partial or a component, and its content. */
export type ComponentInput = { props: StaticFields; hasSpread: boolean; children: () => Block[] };
