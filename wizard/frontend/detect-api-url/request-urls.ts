import { isAboutChat } from './url-suffix.ts';
import { isUrlName } from '../framework.ts';
import type { StringPart, StringParts } from './trace/string-parts.ts';
import { isOwnOrigin, urlSourceAt, envReferencesIn, type UrlSource } from './url-source.ts';
import type { Tracer } from './trace/reference.ts';
import { findPassedUrls, findRequests, type RequestSite } from './find-requests.ts';
import { locationAt, type SourceLocation, type SourceFile } from '../../../javascript/source-file.ts';

/** What the code does with an address: the path that it appends, and where it asks. */
export type UrlUse = { path: string; place: SourceLocation };

/** An address that the code asks at, and how. */
export type RequestedUrl = {
  source: UrlSource;
  uses: readonly UrlUse[];
  isSure: boolean;
  /** What the code takes before this one, where there is such a value. */
  preferred: UrlSource | null;
};

type UrlCandidate = { read: UrlSource; path: string; isFallback: boolean };

/** The addresses of every request; where there is none, those that a package is handed. */
export function requestedUrls(
  trace: Tracer,
  clients: readonly SourceFile[],
  constants: ReadonlySet<string>,
): RequestedUrl[] {
  const of = (requests: readonly RequestSite[]): RequestedUrl[] => mergeRequests(requests, constants);
  const sure = of(clients.flatMap((file) => findRequests(trace, file)));
  if (sure.length > 0 || !clients.some((file) => mayPassUrl(file, constants))) return sure;
  return of(clients.flatMap((file) => findPassedUrls(trace, file)));
}

/** Whether there is anything to hand over: following every argument of a large project takes seconds. */
function mayPassUrl(file: SourceFile, constants: ReadonlySet<string>): boolean {
  if (
    /\.hf\.space|:\/\/localhost|['"`]\/api|https?:\/\/[^'"`\s]*\/(?:api|chat|query|ask)\b/.test(file.text) ||
    [...constants].some((name) => file.text.includes(name))
  )
    return true;
  return envReferencesIn(file).some(({ name }) => isUrlName(name.split('.').at(-1) ?? ''));
}

function mergeRequests(requests: readonly RequestSite[], constants: ReadonlySet<string>): RequestedUrl[] {
  const all = new Map<string, RequestedUrl & { uses: UrlUse[] }>();
  for (const { file, node, urls: addresses, isDirect: isSure } of requests) {
    const place = locationAt(file, node.start);
    const found = addresses.flatMap((one) => urlCandidateOf(one, constants) ?? []);
    const named = found.find(({ read }) => isNamed(read))?.read ?? null;
    const written = found.find(({ read }) => read.kind === 'written-in')?.read.name ?? null;
    for (const { read, path, isFallback } of found) {
      // Its own origin is what a page takes where the variable is missing.
      if (!mayBeApiUrl(read, path, isSure) || (named !== null && read.kind === 'same-origin')) continue;
      const key = `${read.kind} ${read.name} ${read.file.path} ${read.start}`;
      const behind = isFallback && !isNamed(read) ? named : null;
      const fallback = isNamed(read) ? written : null;
      const one = all.get(key) ?? { source: { ...read, fallback }, uses: [], isSure, preferred: behind };
      // A package may append what it likes.
      if (isSure || path !== '') one.uses.push({ path, place });
      all.set(key, one);
    }
  }
  return [...all.values()].map((one) => ({ ...one, uses: distinctUses(one.uses) }));
}

const isNamed = ({ kind }: UrlSource): boolean => kind !== 'written-in' && kind !== 'same-origin';

function urlCandidateOf(pieces: StringParts, constants: ReadonlySet<string>): UrlCandidate | null {
  const [first, ...rest] = pieces.filter((one) => one.type === 'end' || one.text !== '');
  if (first === undefined) return null;
  if (first.type === 'end') {
    const path = pathIn(rest);
    if (isOwnOrigin(first.ref)) return sameOrigin(path, rest[0]);
    const read = urlSourceAt(first.ref, constants);
    return read === null ? null : { read, path, isFallback: first.ref.isFallback };
  }
  const whole = knownText([first, ...rest]);
  if (whole.startsWith('/')) return sameOrigin(pathIn([first, ...rest]), first);
  const name =
    /^https?:\/\/[\w.:-]+(?:\/[\w./-]*)?/.exec(first.text)?.[0] ?? /^https?:\/\/[\w.:-]+/.exec(whole)?.[0];
  if (name === undefined) return null;
  const { node, file, isFallback } = first;
  const read: UrlSource = {
    kind: 'written-in',
    name,
    file,
    start: node.start,
    end: node.end,
    fallback: null,
  };
  return { read, path: pathIn([{ ...first, text: whole.slice(name.length) }]), isFallback };
}

function sameOrigin(path: string, piece: StringPart | undefined): UrlCandidate | null {
  if (piece?.type !== 'text' || !/^\/(?:api(?:\/|$)|chat|query|ask)/.test(path)) return null;
  const { node, file, isFallback } = piece;
  const { start, end } = node;
  return { read: { kind: 'same-origin', name: path, file, start, end, fallback: null }, path, isFallback };
}

/** The text up to what is not known when the code is read. */
function knownText(pieces: StringParts): string {
  const open = pieces.findIndex(({ type }) => type === 'end');
  const known = open < 0 ? pieces : pieces.slice(0, open);
  return known.map((one) => (one.type === 'text' ? one.text : '')).join('');
}

function pathIn(pieces: StringParts): string {
  const path = /^[^?#\s]*/.exec(knownText(pieces))?.[0] ?? '';
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}

export const spaceUrl = /^https?:\/\/[\w-]+\.hf\.space(?:$|[/:])/i;
const loopbackUrl = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?:$|[/:])/;
/** Others’ servers, some of which answer chats of their own. */
const vendorUrl =
  /^https?:\/\/(?:[\w-]+\.)*(?:openai|anthropic|googleapis|groq|openrouter|github|cohere|mistral)\.\w+(?:$|[/:])/;

/** Whether an address may be the server’s: one that is named so, or asked for a chat. */
function mayBeApiUrl({ kind, name }: UrlSource, path: string, isSure: boolean): boolean {
  if (kind === 'same-origin') return true;
  if (kind === 'written-in') {
    const below = name.replace(/^https?:\/\/[^/]+/, '');
    return (
      spaceUrl.test(name) || (!vendorUrl.test(name) && (loopbackUrl.test(name) || isAboutChat(below + path)))
    );
  }
  if (isUrlName(name.split('.').at(-1) ?? '')) return true;
  return kind === 'constant' ? isSure : isSure && isAboutChat(path);
}

function distinctUses(uses: readonly UrlUse[]): UrlUse[] {
  return [...new Map(uses.map((use) => [`${use.place.file}:${use.place.line}:${use.path}`, use])).values()];
}
