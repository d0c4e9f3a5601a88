import { pageAddress } from '../../links/page-address.ts';
import type { CitedSource } from './conversation.ts';
import { make } from './elements.ts';

/** Where links of an answer lead, and how. */
export type LinkPolicy = {
  /** The address of the book's site, to which paths are relative; null where it is not known. */
  book: string | null;
  /** Called when a reader opens a source in the same tab, before the page changes. */
  onOpen?: (source: CitedSource, address: URL) => void;
};

/** A link to an address of the book, or text where the page may not link it. */
export function makeLink(address: string, label: string, { book }: LinkPolicy): HTMLElement {
  const href = pageAddress(address, book);
  return href === null ? make('span', label) : linkTo(new URL(href), label);
}

/** A link to a source: at the cited sentence, as far as the browser can show it. */
export function makeSourceLink(source: CitedSource, label: string, policy: LinkPolicy): HTMLElement {
  const path = source.url || `/${source.file.replace('.md', '')}`;
  const href = pageAddress(path, policy.book);
  if (href === null) return make('span', label);
  const url = new URL(href);
  const { onOpen } = policy;
  if (onOpen !== undefined && url.origin === location.origin) {
    const link = make('a', label);
    link.href = href;
    link.addEventListener('click', () => onOpen(source, url));
    return link;
  }
  return linkTo(url, label, source.quote);
}

function linkTo(url: URL, label: string, quote?: string): HTMLAnchorElement {
  const link = make('a', label);
  link.href = url.href + (quote === undefined ? '' : textFragment(quote, url));
  link.target = '_blank';
  link.rel = 'noopener';
  return link;
}

/** Words at each end of a longer sentence: the browser looks for what begins and ends with them. */
const endWords = 5;

/** The directive that makes a browser mark a sentence and scroll to it; one that has none ignores it. */
export function textFragment(quote: string, { hash }: URL): string {
  const words = quote.trim().split(/\s+/);
  const encode = (part: string[]): string => encodeURIComponent(part.join(' ')).replaceAll('-', '%2D');
  const range =
    words.length <= endWords * 2
      ? encode(words)
      : `${encode(words.slice(0, endWords))},${encode(words.slice(-endWords))}`;
  return `${hash === '' ? '#' : ''}:~:text=${range}`;
}
