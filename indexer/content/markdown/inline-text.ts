import type { Nodes, PhrasingContent } from 'mdast';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx';
import { lineEndingElement, htmlText, hiddenElement } from './raw-html-text.ts';

export type InlineContext = {
  /** The parsed text, for what is best shown as it was written. */
  text: string;
  /** Called for each expression whose value only a build knows. */
  onExpression(source: string): void;
  /** The text of the file that an element within a line stands for; null for any other element. */
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
  // `a:b` parses as a directive; outside of what Docusaurus knows it is shown as it was written.
  textDirective: sourceText,
  leafDirective: sourceText,
  mdxTextExpression: expressionText,
  mdxFlowExpression: expressionText,
  mdxJsxTextElement: elementText,
};

/** Text of running content, as a reader would read it aloud: link texts, image descriptions, code in backticks. */
export function inlineText(nodes: readonly PhrasingContent[], context: InlineContext): string {
  return nodes.map((node) => inlineNodeText(node, context)).join('');
}

export function inlineNodeText(node: Nodes, context: InlineContext): string {
  const inline = inlineConverters[node.type] as ((node: Nodes, context: InlineContext) => string) | undefined;
  if (inline) return inline(node, context);
  return 'children' in node ? inlineText(node.children as PhrasingContent[], context) : '';
}

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

/** What an element says in its attributes: `<TabItem label="npm">`, `<img alt="…">`. A tab without a label shows its value. */
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

export function joinWords(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `{'text'}` reads as its text and a comment as nothing; the rest is reported. */
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
