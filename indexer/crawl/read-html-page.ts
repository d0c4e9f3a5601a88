import { chunkBlocks, type Chunk } from '../content/chunk-blocks.ts';
import { htmlBlocks } from '../content/html/html-blocks.ts';
import {
  findElement,
  hasClass,
  isElement,
  parseHtml,
  rawText,
  type HtmlDocument,
  type HtmlElement,
} from '../content/html/html-tree.ts';

export type HtmlPage = {
  title: string;
  /** What follows the page's title in `<title>`. */
  siteTitle: string;
  locale: string;
  version: string;
  /** Id of its docs plugin; empty where the page does not say. */
  docs: string;
  /** Whether readers see another version first. */
  isOtherVersion: boolean;
  chunks: Chunk[];
  anchors: string[];
  /** `href` of the link to the next page; null when there is none. */
  next: string | null;
  /** Why the page is not indexed; null for a page that is. */
  skipReason: string | null;
};

/** Reads a built page: its article alone, without the navigation around it. */
export function readHtmlPage(html: string): HtmlPage {
  const document = parseHtml(html);
  const root = findElement(document, ({ name }) => name === 'html');
  const article = articleOf(document);
  const blocks = article === null ? [] : htmlBlocks(article.children);
  const [tabTitle, siteTitle] = titlesOf(document);
  const first = blocks.find(({ type }) => type === 'heading');
  const ownTitle = first?.type === 'heading' && first.depth === 1 ? first.anchor.text : '';
  const title = ownTitle || tabTitle;
  const chunks = chunkBlocks({ blocks, title });
  const version = metaOf(document, 'docusaurus_version') ?? 'current';
  return {
    title,
    siteTitle,
    locale: metaOf(document, 'docusaurus_locale') ?? root?.attribs['lang'] ?? 'en',
    version,
    docs: docsPluginOf(metaOf(document, 'docusaurus_tag') ?? '', version),
    isOtherVersion:
      findElement(document, (element) => hasClass(element, 'theme-doc-version-banner')) !== null,
    chunks,
    anchors: blocks.flatMap((block) =>
      block.type === 'heading' && block.anchor.id !== null ? [block.anchor.id] : [],
    ),
    next:
      findElement(document, (element) => hasClass(element, 'pagination-nav__link--next'))?.attribs['href'] ??
      null,
    skipReason: skipReasonOf({ document, root, chunks }),
  };
}

/** The page that Docusaurus generates for a category; the class has a hash behind it. */
const isGeneratedIndex = ({ attribs }: HtmlElement): boolean =>
  /(?:^|\s)generatedIndexPage/.test(attribs['class'] ?? '');

const articleSelectors: readonly ((element: HtmlElement) => boolean)[] = [
  isGeneratedIndex,
  (element) => hasClass(element, 'theme-doc-markdown'),
  ({ name }) => name === 'article',
  ({ name, attribs }) => name === 'main' || attribs['role'] === 'main',
  ({ name }) => name === 'body',
];

/** The first of these elements in the page, without navigation and the like inside it. */
function articleOf(document: HtmlDocument): HtmlElement | null {
  for (const isArticle of articleSelectors) {
    const article = findElement(document, isArticle);
    if (article === null) continue;
    article.children = article.children.filter((child) => !(isElement(child) && isPageChrome(child)));
    return article;
  }
  return null;
}

function isPageChrome(element: HtmlElement): boolean {
  if (element.name === 'header') return findElement(element, ({ name }) => /^h[1-6]$/.test(name)) === null;
  return /^(?:nav|footer|aside)$/.test(element.name) || element.attribs['role'] === 'navigation';
}

/** `Wiring | The Weather Station` gives both parts; without a separator both are the whole title. */
function titlesOf(document: HtmlDocument): [string, string] {
  const element = findElement(document, ({ name }) => name === 'title');
  const text = element === null ? '' : rawText(element).replaceAll(/\s+/g, ' ').trim();
  const [page = '', ...rest] = text.split(/ [|–—·] /);
  return [page, rest.at(-1) ?? page];
}

/** `docs-api-2.0` is version 2.0 of the plugin `api` (@docusaurus/plugin-content-docs 3.10, docsSearchMetadata). */
function docsPluginOf(tag: string, version: string): string {
  const [, plugin = ''] = /^docs-(.+)$/.exec(tag) ?? [];
  return plugin.endsWith(`-${version}`) ? plugin.slice(0, -version.length - 1) : plugin;
}

function metaOf(document: HtmlDocument, name: string): string | undefined {
  const meta = findElement(
    document,
    (element) => element.name === 'meta' && element.attribs['name'] === name,
  );
  return meta?.attribs['content'];
}

/** The same rules as for source files: only docs, of the site's own readers. */
function skipReasonOf({
  document,
  root,
  chunks,
}: {
  document: HtmlDocument;
  root: HtmlElement | null;
  chunks: readonly Chunk[];
}): string | null {
  const has = (name: string): boolean => findElement(document, (element) => hasClass(element, name)) !== null;
  if (/\bnoindex\b/i.test(metaOf(document, 'robots') ?? '')) return 'it asks not to be indexed';
  if (has('theme-unlisted-banner')) return 'unlisted: the site hides it from its readers';
  const isDocusaurus = /^Docusaurus\b/.test(metaOf(document, 'generator') ?? '');
  const isDoc = root !== null && hasClass(root, 'docs-doc-page') && has('theme-doc-markdown');
  const isIndex = findElement(document, isGeneratedIndex) !== null;
  if (isDocusaurus && !isDoc && !isIndex) return 'outside the docs: only docs are indexed';
  return chunks.length === 0 ? 'it has no text' : null;
}
