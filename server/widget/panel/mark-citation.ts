import { readSession, writeSession } from '../chat/conversation.ts';

/** A cited sentence that the next page shows. */
type PendingCitation = { path: string; anchor: string; quote: string };

const key = 'book-chat-citation';
const highlightName = 'book-chat-citation';
/** How long a page may take to show its text, and may draw it again, in milliseconds. */
const watchMs = 8_000;

/** Whether this browser can mark text without changing the page; Firefox from 140, WebKit from 17.2. */
export const canHighlight = typeof Highlight === 'function' && 'highlights' in CSS;

/** Keeps a citation for the page that a link opens, and shows it when that is this page. */
export function openCitation(quote: string, address: URL): void {
  const { pathname, hash } = address;
  const citation = { path: pathname, anchor: decodeURIComponent(hash.slice(1)), quote };
  writeSession(key, JSON.stringify(citation));
  // A link within the page loads nothing.
  if (pathname === location.pathname) setTimeout(showCitation);
}

/** Marks the citation that this page was opened for and scrolls to it; its text may still be on its way. */
export function showCitation(): void {
  const stored = readSession(key);
  if (stored === null) return;
  const citation = JSON.parse(stored) as PendingCitation;
  writeSession(key, null);
  if (samePath(citation.path) !== samePath(location.pathname)) return;
  let isShown = false;
  const mark = (): void => {
    const range = findSentence(citation);
    if (range === null) return;
    CSS.highlights.set(highlightName, new Highlight(range));
    if (!isShown) scrollTo(range);
    isShown = true;
  };
  addHighlightStyle();
  mark();
  // The site's own script may draw its text later, or again.
  const observer = new MutationObserver(mark);
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  setTimeout(() => observer.disconnect(), watchMs);
}

/** Sites add or drop the slash at the end of a path. */
function samePath(path: string): string {
  return path.replace(/\/$/, '');
}

/** A constructed sheet needs no permission of a content security policy. */
function addHighlightStyle(): void {
  if (CSS.highlights.has(highlightName)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`::highlight(${highlightName}){background-color:#ffe58a;color:#1c1e21}`);
  document.adoptedStyleSheets.push(sheet);
}

function scrollTo(range: Range): void {
  const { top, height } = range.getBoundingClientRect();
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  globalThis.scrollBy({ top: top - (innerHeight - height) / 2, behavior });
}

/** Letters and digits only: a page and the book's text differ in blanks, quotation marks and marks of headings. */
const written = /[\p{L}\p{N}]/u;

/** Where the sentence is in the page's main text: the first place below the anchor, else the first at all. */
function findSentence({ anchor, quote }: PendingCitation): Range | null {
  const main = document.querySelector('main') ?? document.body;
  const heading = anchor === '' ? null : document.getElementById(anchor);
  const wanted = Array.from(quote)
    .filter((each) => written.test(each))
    .join('')
    .toLowerCase();
  if (wanted === '') return null;
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const places: { node: Node; offset: number; length: number }[] = [];
  let letters = '';
  let start = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('script,style,noscript,book-chat') != null) continue;
    if (start === 0 && heading !== null && follows(node, heading)) start = letters.length;
    const { data } = node as Text;
    let offset = 0;
    for (const character of data) {
      const { length } = character;
      if (written.test(character)) {
        const lower = character.toLowerCase();
        letters += lower;
        for (let unit = 0; unit < lower.length; unit += 1) places.push({ node, offset, length });
      }
      offset += length;
    }
  }
  const [at, length] = placeOf(letters, wanted, start);
  const [first, last] = [places[at], places[at + length - 1]];
  if (first === undefined || last === undefined) return null;
  const range = new Range();
  range.setStart(first.node, first.offset);
  range.setEnd(last.node, last.offset + last.length);
  return range;
}

/** Letters by which a sentence is known where the page has more or less in it, such as an address. */
const partLength = 40;

/** The whole sentence below the anchor or anywhere, else its beginning or its end. */
function placeOf(letters: string, wanted: string, start: number): [at: number, length: number] {
  for (const part of [wanted, wanted.slice(0, partLength), wanted.slice(-partLength)]) {
    const below = letters.indexOf(part, start);
    const at = below === -1 ? letters.indexOf(part) : below;
    if (at !== -1) return [at, part.length];
  }
  return [-1, 0];
}

function follows(node: Node, heading: Element): boolean {
  const position = heading.compareDocumentPosition(node);
  return (position & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY)) !== 0;
}
