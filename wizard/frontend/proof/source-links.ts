import { Parser as HtmlParser } from 'htmlparser2';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import type { ChatContract } from '../../model/chat-contract.ts';
import type { ReplySource } from './read-reply.ts';

/** Fields of a source that can hold its address, as frontends read them. */
const linkField = /^(?:url|link|href|uri|page_?url|source_?url|anchor_?url|chapter_?url)$/i;

/**
 * The addresses that the answer's sources lead to, absolute; those that the client reads where its code shows which.
 * A source that is only a name leads nowhere and is left out.
 */
export function linksOf(
  sources: readonly ReplySource[],
  { contract, page }: { contract: ChatContract; page: string },
): string[] {
  const { reply } = contract;
  const read = reply.type === 'json' ? (reply.sources?.fields ?? []) : [];
  const wanted = read.filter((name) => linkField.test(name));
  const links = sources.flatMap((source) => {
    if (typeof source === 'string') return isAddress(source) ? [source] : [];
    const names = wanted.length > 0 ? wanted : Object.keys(source).filter((name) => linkField.test(name));
    const values = names.flatMap((name) => {
      const value = source[name];
      return typeof value === 'string' && isAddress(value) ? [value] : [];
    });
    return wanted.length > 0 ? values : values.slice(0, 1);
  });
  return [...new Set(links.map((link) => new URL(link, page).href))];
}

const isAddress = (text: string): boolean => /^(?:https?:\/\/|\/(?!\/))\S*$/.test(text);

/**
 * `absent`: there is no such page yet. `no-anchor`: the page is there, and not the place in it. `unrendered`: its text
 * appears in a browser only.
 */
export type LinkState = 'live' | 'absent' | 'no-anchor' | 'unrendered';

/** Follows links as a reader would, redirects included; each page is read once. */
export function createLinkReader({
  http,
  signal,
}: {
  http: Http;
  signal: AbortSignal;
}): (link: string) => Promise<LinkState> {
  const pages = new Map<string, Promise<PagePlaces | null>>();
  return async (link) => {
    const { href, hash } = new URL(link);
    const address = href.slice(0, href.length - hash.length);
    const page = pages.get(address) ?? readPlaces({ address, http, signal });
    pages.set(address, page);
    const places = await page;
    if (places === null) return 'absent';
    if (hash === '' || places.anchors.has(decodeAnchor(hash.slice(1)))) return 'live';
    return places.hasHeading ? 'no-anchor' : 'unrendered';
  };
}

/** The places that a page has a name for, and whether one of them is a heading. */
type PagePlaces = { anchors: ReadonlySet<string>; hasHeading: boolean };

/** The places of a page; null where there is no page. */
async function readPlaces({
  address,
  http,
  signal,
}: {
  address: string;
  http: Http;
  signal: AbortSignal;
}): Promise<PagePlaces | null> {
  const what = 'following the link of a source';
  const headers = { accept: 'text/html,*/*', 'cache-control': 'no-cache' };
  try {
    const { text } = await http.text({
      service: 'vercel',
      what,
      url: address,
      headers,
      signal,
    });
    return placesIn(text);
  } catch (error) {
    if (error instanceof HttpFailure) return null;
    throw error;
  }
}

function placesIn(html: string): PagePlaces {
  const anchors = new Set<string>();
  let hasHeading = false;
  const parser = new HtmlParser({
    onopentag: (tag, { id, name }) => {
      if (id !== undefined) anchors.add(id);
      hasHeading ||= id !== undefined && /^h[1-6]$/.test(tag);
      if (tag === 'a' && name !== undefined) anchors.add(name);
    },
  });
  parser.end(html);
  return { anchors, hasHeading };
}

function decodeAnchor(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
