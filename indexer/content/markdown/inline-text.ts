import type { Nodes, PhrasingContent } from 'mdast';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx';
import { joinWords } from '../block.ts';
import { lineEndingElement, htmlText, hiddenElement } from './raw-html-text.ts';

export type InlineContext = {
  /** The parsed source text, for what is shown as written. */
  text: string;
  /** Called for each expression that only a build can evaluate. */
  onExpression(source: string): void;
  /** The text of the partial that an inline element names; null for any other element. */
  partialText(name: string): string | null;
};

type InlineConverter = (node: never, context: InlineContext) => string;

const inlineConverters: { [type: string]: InlineConverter } = {
  text: (node: { value: string }) => node.value,
  inlineCode: (node: { value: string }) => `\`${node.value}\``,
  inlineMath: (node: { value: string }) => `$${node.value}$`,
  break: () => '\n',
  image: (node: { alt?: string | null }) => node.alt ?? '',
  imageReference: (node: { alt?: string | null }) => node.alt ?? '',
  footnoteReference: (node: { label?: string | null; identifier: string }) =>
    `[^${node.label ?? node.identifier}]`,
  html: (node: { value: string }) => htmlText(node.value),
  // `a:b` parses as a directive. Docusaurus has none of its own in a line, so it shows them as written.
  textDirective: sourceText,
  leafDirective: sourceText,
  mdxTextExpression: expressionText,
  mdxFlowExpression: expressionText,
  mdxJsxTextElement: elementText,
};

/** The text of inline nodes: link texts, `alt` of images, code in backticks. */
export function inlineText(nodes: readonly PhrasingContent[], context: InlineContext): string {
  return nodes.map((node) => inlineNodeText(node, context)).join('');
}

/** The text of one inline node; empty for a node without text. */
export function inlineNodeText(node: Nodes, context: InlineContext): string {
  const convert = inlineConverters[node.type] as
    | ((node: Nodes, context: InlineContext) => string)
    | undefined;
  if (convert) return convert(node, context);
  return 'children' in node ? inlineText(node.children as PhrasingContent[], context) : '';
}

/** Whether an element has no text for a reader (`<style>`, `<script>`). */
export function isHidden({ name }: { name: string | null }): boolean {
  return hiddenElement.test(name ?? '');
}

function elementText(node: MdxJsxTextElement, context: InlineContext): string {
  if (isHidden(node)) return '';
  const partial = node.name === null ? null : context.partialText(node.name);
  if (partial !== null) return partial;
  const text = joinWords(attributeText(node, context), inlineText(node.children, context));
  return lineEndingElement.test(node.name ?? '') && !text.endsWith('\n') ? `${text}\n` : text;
}

const textAttributes = ['label', 'title', 'alt', 'summary', 'caption', 'heading', 'description'];

/** The text in an element's attributes: `<TabItem label="npm">`, `<img alt="…">`. A tab without a label shows its value. */
export function attributeText(
  node: MdxJsxTextElement | MdxJsxFlowElement,
  context: Pick<InlineContext, 'onExpression'>,
): string {
  const values = new Map(
    node.attributes.flatMap((attribute): [string, typeof attribute.value][] =>
      attribute.type === 'mdxJsxAttribute' ? [[attribute.name, attribute.value]] : [],
    ),
  );
  const isUnlabelled = node.name === 'TabItem' && !values.has('label');
  return [...textAttributes, ...(isUnlabelled ? ['value'] : [])]
    .map((name) => {
      const value = values.get(name) ?? '';
      return typeof value === 'string' ? value : expressionText(value, context);
    })
    .filter((text) => text !== '')
    .join('. ');
}

/** The text of `{'text'}`, and nothing for a comment; any other expression is reported to the context. */
export function expressionText(
  node: { value: string },
  context: Pick<InlineContext, 'onExpression'>,
): string {
  const source = node.value.trim();
  const literal = /^(['"`])((?:(?!\1|\$\{)[\s\S])*)\1$/.exec(source);
  if (literal) return literal[2] as string;
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').trim();
  if (code !== '') context.onExpression(code);
  return '';
}

function sourceText(node: Nodes, context: InlineContext): string {
  const { start, end } = node.position ?? {};
  return context.text.slice(start?.offset ?? 0, end?.offset ?? 0);
}
