/** Decides whether a link is one of the book's: by the URL standard, never by how an address looks. */

/** True for a destination, as Markdown reads it, that may leave in an answer. */
export type LinkRule = (destination: string) => boolean;

type BookLinks = {
  /** What the model was given: whole addresses that stand in it are allowed. */
  texts: readonly string[];
  /** Addresses of the passages, as paths of the book's site. */
  pages: readonly string[];
  /** Where the book is published; without one only paths are known to be the book's. */
  origins?: readonly string[];
  /** Whether the book has a page of this path, in the form of `pagePath`. */
  hasPage?: (path: string) => boolean;
};

const unknownOrigin = 'https://book.invalid';
/** Characters that a renderer, a browser and this code might read differently. */
const unclear = /[\s\p{C}\p{Default_Ignorable_Code_Point}\\`<>"{}|^]/u;
/** An address without a user part, in which no program finds another address. */
const plainAddress = /^(?!.*www\.)[a-z]+:\/\/[\w.[\]:-]+(?:[/?#](?:[\w./?#=&%+!$,;-]|(?<=\/)@)*)?$/i;
/** Of an address of the book. A program that looks for addresses finds none in it. */
const plainFragment = /^#(?!.*www\.)[\p{L}\p{N}%_.-]*$/iu;
/** Behind other segments, dots take back what a program that looks for addresses has found in these. */
const innerDots = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;
/** Ends an address in a text, or belongs to it. */
const delimiter = /["'`()[\]{}<>|*~,;]|[^\u0021-\u007e]/g;
const trailingPunctuation = /[?!.,:;*_~'"`)\]}|>]|[^\u0021-\u007e]/;
const maxAddress = 500;
const maxCandidates = 8;
/** Addresses of one text that are read. */
const maxAddresses = 500;

/**
 * Allows pages of the book, whole addresses that stand in the texts, with or without their fragment, e-mail addresses of
 * the texts, and fragments. An address with a user part is never allowed.
 */
export function allowLinksFrom({ texts, pages, origins = [], hasPage = () => false }: BookLinks): LinkRule {
  // Most answers have no link, and a thousand of them may be open: nothing is read before the first.
  let links: KnownLinks | null = null;

  return (destination) => {
    if (destination === '' || unclear.test(destination)) return false;
    if (destination.startsWith('#')) return plainFragment.test(destination);
    if (innerDots.test(destination.replace(/^(?:\.{1,2}\/)+/, ''))) return false;
    const { bookOrigins, base, paths, mentioned } = (links ??= knownLinks({ texts, pages, origins }));
    if (/^mailto:/i.test(destination))
      return mentioned.has(destination.slice('mailto:'.length).toLowerCase());
    const url = urlOf(destination, base);
    if (url === null || url.username !== '' || url.password !== '') return false;
    if (url.hash !== '' && !plainFragment.test(url.hash)) return false;
    const isBook = url.origin === base || bookOrigins.has(url.origin);
    const path = pagePath(url.pathname);
    if (isBook && url.search === '' && (paths.has(path) || hasPage(path))) return true;
    return mentioned.has(addressKey(url)) || (isBook && mentioned.has(destination));
  };
}

type KnownLinks = {
  bookOrigins: ReadonlySet<string>;
  /** What relative addresses are relative to. */
  base: string;
  paths: ReadonlySet<string>;
  /** Addresses of the texts. */
  mentioned: ReadonlySet<string>;
};

function knownLinks({
  texts,
  pages,
  origins,
}: Required<Pick<BookLinks, 'texts' | 'pages' | 'origins'>>): KnownLinks {
  const bookOrigins = new Set(origins.flatMap((origin) => urlOf(origin)?.origin ?? []));
  return {
    bookOrigins,
    base: [...bookOrigins][0] ?? unknownOrigin,
    paths: new Set(pages.map(pagePath)),
    mentioned: new Set(texts.flatMap(addressesIn)),
  };
}

/** The reader's own machine, as in examples: harmless. */
export function isLoopback(address: string): boolean {
  const url = plainAddress.test(address) ? urlOf(address) : null;
  if (url === null) return false;
  return ['localhost', '127.0.0.1', '0.0.0.0', '[::1]'].includes(url.hostname);
}

/** A page's path without fragment, query and final slash, percent-encoded as the URL standard says. */
export function pagePath(address: string): string {
  const path = urlOf(address, unknownOrigin)?.pathname ?? address;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function urlOf(text: string, base?: string): URL | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return /^(?:https?|wss?):$/.test(url.protocol) ? url : null;
}

/** Origin, path and query. */
function addressKey(url: URL): string {
  return `${url.origin}${pagePath(url.pathname)}${url.search}`;
}

/** Keys of the addresses that stand in a text, its e-mail addresses, and the destinations of its links as written. */
function addressesIn(text: string): string[] {
  const addresses: string[] = [];
  for (const { index } of [...text.matchAll(/(?:https?|wss?):\/\//gi)].slice(0, maxAddresses)) {
    const [written = ''] = /^[^\s<>]*/.exec(text.slice(index, index + maxAddress)) ?? [];
    for (const candidate of candidatesOf(written)) {
      const url = urlOf(candidate);
      if (url !== null) addresses.push(addressKey(url));
    }
  }
  for (const { index } of text.matchAll(/@(?=[\w-])/g)) {
    const local = /[\w.+-]{1,64}$/.exec(text.slice(Math.max(0, index - 64), index))?.[0];
    const domain = /^[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/.exec(text.slice(index + 1, index + 256))?.[0];
    if (local !== undefined && domain !== undefined) addresses.push(`${local}@${domain}`.toLowerCase());
  }
  for (const [, destination = ''] of text.matchAll(/\]\(([^\s()<>]{1,300})/g))
    if (!/^[a-z][a-z\d+.-]*:|^[\\/]{2}/i.test(destination)) addresses.push(destination);
  return addresses;
}

/**
 * What of a written address may be the address itself, longest first: without its last punctuation, and up to one of the
 * first characters that may also follow an address.
 */
export function candidatesOf(written: string): string[] {
  const candidates = [written];
  let trimmed = written;
  while (
    trimmed !== '' &&
    candidates.length < maxCandidates &&
    trailingPunctuation.test(trimmed.at(-1) ?? '')
  ) {
    trimmed = trimmed.slice(0, -1);
    candidates.push(trimmed);
  }
  const cuts = [...written.slice(0, maxAddress).matchAll(delimiter)].slice(0, maxCandidates);
  return [...candidates, ...cuts.map(({ index }) => written.slice(0, index)).toReversed()];
}
