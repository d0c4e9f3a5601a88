import {
  admonitionLabel,
  codeBlock,
  itemBlock,
  labelledBlocks,
  withLabel,
  quoteBlocks,
  tableBlock,
  textBlock,
  type Block,
  type LineRange,
} from '../block.ts';
import { formulaSource, inlineHtml, isInline, isHidden } from './inline-html.ts';
import {
  findElement,
  findElements,
  hasClass,
  isElement,
  rawText,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.ts';

/** Line numbers mean nothing in a built page, which no author edits. */
const lines: LineRange = [1, 1];

type ElementConverter = (element: HtmlElement) => Block[];

/** The content of a built page in reading order. Every piece of text is in exactly one block. */
export function htmlBlocks(nodes: readonly HtmlNode[]): Block[] {
  const blocks: Block[] = [];
  let run: HtmlNode[] = [];
  const flush = (): void => {
    blocks.push(...textBlock({ text: inlineHtml(run), lines }));
    run = [];
  };
  for (const node of nodes) {
    if (isInline(node)) {
      run.push(node);
      continue;
    }
    flush();
    if (isElement(node)) blocks.push(...elementBlocks(node));
  }
  flush();
  return blocks;
}

function elementBlocks(element: HtmlElement): Block[] {
  if (isHidden(element)) return [];
  for (const [name, convert] of byClass) if (hasClass(element, name)) return convert(element);
  const convert = byName[element.name];
  return convert ? convert(element) : htmlBlocks(element.children);
}

/** Components of Docusaurus and its plugins that render as several elements. */
const byClass: readonly (readonly [string, ElementConverter])[] = [
  ['theme-admonition', admonition],
  ['tabs-container', tabs],
  ['theme-code-block', titledCode],
  ['katex-display', (element) => textBlock({ text: `$$\n${formulaSource(element)}\n$$`, lines })],
  ['sr-only', () => []],
];

const byName: { [name: string]: ElementConverter } = {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((depth) => [`h${depth}`, heading(depth)])),
  pre: (element) => code(element, ''),
  table: (element) => {
    const rows = findElements(element, ({ name }) => name === 'tr').map((row) =>
      row.children.filter(isElement).map((cell) => inlineHtml([cell])),
    );
    return rows.length === 0 ? [] : tableBlock({ rows, lines });
  },
  ul: (element) => list(element, () => '- '),
  ol: (element) => list(element, (index) => `${Number(element.attribs['start'] ?? 1) + index}. `),
  blockquote: ({ children }) => quoteBlocks(htmlBlocks(children)),
  details: ({ children }) => {
    const summary = children.find((child) => isElement(child) && child.name === 'summary');
    const rest = htmlBlocks(children.filter((child) => child !== summary));
    return summary === undefined ? rest : withLabel(withColon(inlineHtml([summary])), lines, rest);
  },
};

/** The id is the heading's own, that of an anchor inside it, or that of the section that it opens. */
function heading(depth: number): ElementConverter {
  return (element) => {
    const inner = findElement(
      element,
      ({ name, attribs }) => name === 'a' && (attribs['id'] ?? attribs['name'] ?? '') !== '',
    );
    const id = element.attribs['id'] || inner?.attribs['id'] || inner?.attribs['name'] || sectionId(element);
    const text = inlineHtml(element.children).replaceAll('\n', ' ');
    return [{ type: 'heading', depth, lines, anchor: { id: id || null, text } }];
  };
}

function sectionId({ parent, prev }: HtmlElement): string {
  for (let sibling = prev; sibling !== null; sibling = sibling.prev) if (isElement(sibling)) return '';
  return parent !== null && 'attribs' in parent && parent.name === 'section'
    ? (parent.attribs['id'] ?? '')
    : '';
}

function list(element: HtmlElement, marker: (index: number) => string): Block[] {
  return element.children
    .filter(isElement)
    .flatMap((item, index) => itemBlock({ marker: marker(index), inner: htmlBlocks(item.children), lines }));
}

/** `<div class="theme-admonition theme-admonition-note"><div>title</div><div>content</div></div>`. */
function admonition(element: HtmlElement): Block[] {
  const kind = /\btheme-admonition-([a-z]+)/.exec(element.attribs['class'] ?? '')?.[1] ?? '';
  const [first, ...rest] = element.children.filter(isElement);
  const title = first === undefined ? '' : inlineHtml([first]);
  const ownTitle = title.toLowerCase() === kind ? '' : title;
  return withLabel(admonitionLabel(kind, ownTitle), lines, htmlBlocks(rest));
}

function tabs(element: HtmlElement): Block[] {
  const labels = findElements(element, ({ attribs }) => attribs['role'] === 'tab');
  const panels = findElements(element, ({ attribs }) => attribs['role'] === 'tabpanel');
  return panels
    .filter((panel) => closest(panel, 'tabs-container') === element)
    .flatMap((panel, index) => {
      const label = labels.filter((tab) => closest(tab, 'tabs-container') === element)[index];
      const inner = htmlBlocks(panel.children);
      return label === undefined ? inner : labelledBlocks(inlineHtml([label]), lines, inner);
    });
}

function closest(element: HtmlElement, name: string): HtmlElement | null {
  for (let parent = element.parent; parent !== null; parent = parent.parent)
    if ('attribs' in parent && hasClass(parent, name)) return parent;
  return null;
}

function titledCode(element: HtmlElement): Block[] {
  const block = findElement(element, ({ name }) => name === 'pre');
  if (block === null) return htmlBlocks(element.children);
  const [first] = element.children.filter(isElement);
  const hasTitle =
    first !== undefined && first !== block && findElement(first, ({ name }) => name === 'pre') === null;
  return code(block, hasTitle ? inlineHtml([first]) : '');
}

/** Highlighted code has one element per line, each ending with `<br>`. */
function code(element: HtmlElement, title: string): Block[] {
  const language = /\blanguage-([\w+#.-]+)/.exec(classesOf(element))?.[1] ?? '';
  const name = [language, title === '' ? '' : `title="${title}"`].filter(Boolean).join(' ');
  return codeBlock({ code: codeText(element).replace(/\n+$/, ''), name, lines });
}

function classesOf(element: HtmlElement): string {
  const inner = findElement(element, ({ name }) => name === 'code');
  return `${element.attribs['class'] ?? ''} ${inner?.attribs['class'] ?? ''}`;
}

function codeText(node: HtmlNode): string {
  if (!isElement(node)) return rawText(node);
  if (node.name === 'br') return '\n';
  return node.name === 'button' ? '' : node.children.map(codeText).join('');
}

function withColon(label: string): string {
  return label === '' || /[:.?!]$/.test(label) ? label : `${label}:`;
}
