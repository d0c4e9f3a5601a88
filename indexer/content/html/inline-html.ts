import { findElement, hasClass, isElement, rawText, type HtmlElement, type HtmlNode } from './html-tree.ts';

/** What a reader does not read: code of the page, controls, what stands there for the eye alone. */
const hiddenElements = new Set([
  'button',
  'canvas',
  'form',
  'iframe',
  'nav',
  'noscript',
  'script',
  'select',
  'style',
  'svg',
  'template',
  'textarea',
]);

const inlineElements = new Set(
  'a abbr b bdi bdo br cite code data del dfn em font i img input ins kbd label mark math q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

export function isHidden(element: HtmlElement): boolean {
  return (
    hiddenElements.has(element.name) ||
    element.attribs['aria-hidden'] === 'true' ||
    'data-footnote-backref' in element.attribs ||
    hasClass(element, 'hash-link')
  );
}

/** Text, or an element that is part of a line of text and holds nothing that is not. */
export function isInline(node: HtmlNode): boolean {
  if (!isElement(node)) return true;
  return (
    inlineElements.has(node.name) &&
    findElement(
      node,
      ({ name }) => !inlineElements.has(name) && !hiddenElements.has(name) && !isMathPart(name),
    ) === null
  );
}

/** The parts of a formula: what is read of it is its source. */
function isMathPart(name: string): boolean {
  return /^(?:semantics|annotation|m[a-z]+)$/.test(name);
}

/** Text of running content, as a reader would read it aloud: link texts, image descriptions, code in backticks. */
export function inlineHtml(nodes: readonly HtmlNode[]): string {
  return nodes
    .map(inlineNodeText)
    .join('')
    .split('\n')
    .map((line) => line.replaceAll(/[^\S\n]+/g, ' ').trim())
    .join('\n')
    .trim();
}

function inlineNodeText(node: HtmlNode): string {
  if (!isElement(node)) return node.type === 'text' ? rawText(node).replaceAll(/\s+/g, ' ') : '';
  if (isHidden(node)) return '';
  if (hasClass(node, 'katex')) return `$${formulaSource(node)}$`;
  const teller = elementTexts[node.name];
  return teller ? teller(node) : node.children.map(inlineNodeText).join('');
}

/** The source of a formula, which KaTeX keeps in its MathML. */
export function formulaSource(element: HtmlElement): string {
  const source = findElement(
    element,
    ({ name, attribs }) => name === 'annotation' && attribs['encoding'] === 'application/x-tex',
  );
  return source === null ? '' : rawText(source).trim();
}

const elementTexts: { [name: string]: (element: HtmlElement) => string } = {
  br: () => '\n',
  img: ({ attribs }) => attribs['alt'] ?? '',
  input: ({ attribs }) => (attribs['type'] === 'checkbox' ? ('checked' in attribs ? '[x] ' : '[ ] ') : ''),
  code: (element) => `\`${rawText(element)}\``,
  a: (element) =>
    'data-footnote-ref' in element.attribs
      ? `[^${rawText(element)}]`
      : element.children.map(inlineNodeText).join(''),
};
