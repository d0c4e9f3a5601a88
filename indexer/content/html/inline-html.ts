import { linkText } from '../link-text.ts';
import { findElement, hasClass, isElement, rawText, type HtmlElement, type HtmlNode } from './html-tree.ts';

/** Elements without text for a reader: scripts, controls and graphics. */
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

/** Text, or an inline element that contains inline content only. */
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

/** MathML elements: a formula is represented by its TeX source. */
function isMathPart(name: string): boolean {
  return /^(?:semantics|annotation|m[a-z]+)$/.test(name);
}

/** The text of inline content: link texts, `alt` of images, code in backticks. */
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
  const elementText = elementTexts[node.name];
  return elementText ? elementText(node) : node.children.map(inlineNodeText).join('');
}

/** The TeX source that KaTeX keeps in the MathML of a formula. */
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
      : linkText(element.children.map(inlineNodeText).join(''), element.attribs['href'] ?? ''),
};
