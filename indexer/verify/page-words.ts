import {
  findElement,
  findElements,
  hasClass,
  isElement,
  parseHtml,
  rawText,
  type HtmlElement,
  type HtmlNode,
} from '../content/html/html-tree.ts';

/** What a built page shows: the words of its article, and the ids that links can name. */
export type BuiltPage = { words: string[]; ids: Set<string> };

/** Reads a built page, on purpose not by the rules that read a live site: it checks them. */
export function readBuiltPage(html: string): BuiltPage {
  const document = parseHtml(html);
  // Parsed, because `id="x"` in a code example is no link target.
  const ids = findElements(document, ({ attribs }) => 'id' in attribs).map(
    ({ attribs }) => attribs['id'] ?? '',
  );
  const article =
    findElement(document, (element) => hasClass(element, 'theme-doc-markdown')) ??
    findElement(document, ({ attribs }) => /(?:^|\s)generatedIndexPage/.test(attribs['class'] ?? '')) ??
    findElement(document, ({ name }) => name === 'article') ??
    findElement(document, ({ name }) => name === 'body');
  return { words: wordsIn((article ?? document).children.map(displayedText).join(' ')), ids: new Set(ids) };
}

/** The words of a text, in lower case, without punctuation and markup. An emoji is none, also with its selector. */
export function wordsIn(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .replaceAll(/[\uFE0E\uFE0F]/g, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? []
  );
}

/** The words of the first list that the second one lacks, each as often as it lacks it. */
export function missingWords(words: readonly string[], present: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of present) counts.set(word, (counts.get(word) ?? 0) + 1);
  return words.filter((word) => {
    const left = counts.get(word) ?? 0;
    counts.set(word, left - 1);
    return left <= 0;
  });
}

const blockElement =
  /^(?:p|div|li|ul|ol|tr|td|th|table|h[1-6]|pre|br|section|details|summary|blockquote|button|figure|figcaption|label|dt|dd)$/;

/** All text of an element that a reader sees; a formula is its TeX source. */
function displayedText(node: HtmlNode): string {
  if (!isElement(node)) return node.type === 'text' ? rawText(node) : '';
  if (isUnseen(node)) return '';
  if (node.name === 'math') {
    const source = findElement(node, ({ name }) => name === 'annotation');
    return source === null ? '' : ` ${rawText(source)} `;
  }
  const text = node.children.map(displayedText).join('');
  return blockElement.test(node.name) ? ` ${text} ` : text;
}

function isUnseen(element: HtmlElement): boolean {
  return (
    /^(?:script|style|svg|template|noscript|iframe|nav)$/.test(element.name) ||
    element.attribs['aria-hidden'] === 'true' ||
    'data-footnote-backref' in element.attribs ||
    ['hash-link', 'sr-only', 'katex-html', 'theme-doc-toc-mobile'].some((name) => hasClass(element, name))
  );
}
