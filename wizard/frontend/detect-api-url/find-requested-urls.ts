import { locationAt, type SourceFile, type SourceLocation } from '../../../javascript/source-file.ts';
import { originOf, pathOfUrl, urlSourceAt, urlSourcesIn, type UrlSource } from '../url-source.ts';
import { isUrlName } from '../variable-names.ts';
import { isChatPath } from './chat/chat-path.ts';
import { asksQuestion as hasQuestionKey } from './chat/asks-question.ts';
import { callAddress, pathPlace as pathPlaceOf, type RequestCall } from './contract/request-call.ts';
import { sentRequests, type SentRequest } from './contract/read-contract.ts';
import { findPassedUrls, findRequests, type RequestSite } from './find-requests.ts';
import type { Project } from './parse-project.ts';
import type { StringPart, StringParts } from './trace/possible-strings.ts';
import type { CallContext, Reference, Tracer } from './trace/reference.ts';

/** A request to a URL: the path that the code appends, and the line that sends it. */
export type UrlUse = {
  path: string;
  location: SourceLocation;
  /** The call that sends it. */
  call: RequestCall;
  /** `?` where the code does not show it. */
  method: string;
  /** Whether its body holds a question. */
  asksQuestion: boolean;
  /** What it sends, once for every caller that gives it another body. */
  requests: readonly SentRequest[];
  /** The variable that this request prefers to the URL: `preferred || this`. */
  preferred: UrlSource | null;
};

/** A URL that the code sends requests to. */
export type RequestedUrl = {
  source: UrlSource;
  uses: readonly UrlUse[];
  /** False where it was only passed to a package. */
  isDirect: boolean;
  /** The source that the code prefers to this one: `preferred || this`. */
  preferred: UrlSource | null;
};

/** The URLs of every request; where no request is found, those that are passed to a package. */
export function findRequestedUrls(project: Project, constants: ReadonlySet<string>): RequestedUrl[] {
  const { tracer, browserFiles, isBundle } = project;
  const direct = browserFiles.flatMap((file) => findRequests(tracer, file, { isBundle }));
  const urls = mergeRequests(tracer, direct, constants);
  if (isBundle || urls.length > 0 || !browserFiles.some((file) => mayPassUrl(file, constants))) return urls;
  const passed = browserFiles.flatMap((file) => findPassedUrls(tracer, file));
  return mergeRequests(tracer, passed, constants);
}

/** Whether it is worth tracing every argument, which takes seconds in a large project. */
function mayPassUrl(file: SourceFile, constants: ReadonlySet<string>): boolean {
  if (
    /\.hf\.space|:\/\/localhost|['"`]\/api|https?:\/\/[^'"`\s]*\/(?:api|chat|query|ask)\b/.test(file.text) ||
    [...constants].some((name) => file.text.includes(name))
  )
    return true;
  return urlSourcesIn(file).some(({ name }) => isUrlName(name.split('.').at(-1) ?? ''));
}

/** One entry for each source, with all of its uses. */
function mergeRequests(
  tracer: Tracer,
  requests: readonly RequestSite[],
  constants: ReadonlySet<string>,
): RequestedUrl[] {
  const merged = new Map<string, RequestedUrl & { uses: UrlUse[]; mayBeApi: boolean }>();
  for (const { file, node, urls, isDirect } of requests) {
    const location = locationAt(file, node.start);
    const sentIn = new Map<CallContext, SentRequest[]>();
    const address = callAddress(tracer, { file, node });
    const candidates = urls.flatMap(({ value, context }) => {
      const candidate = candidateOf(value, constants);
      if (candidate === null) return [];
      const sent = sentIn.get(context) ?? (isDirect ? sentRequests(tracer, { file, node, context }) : []);
      sentIn.set(context, sent);
      const { source, path } = candidate;
      const wholePath = source.kind === 'written-in' ? pathOfUrl(source.name) + path : path;
      const asksQuestion = sent.some(({ body }) => hasQuestion(body, wholePath));
      return [{ ...candidate, context, sent, asksQuestion, pathPlace: pathPlaceOf(value) }];
    });
    const variable = candidates.find(({ source }) => isNamed(source))?.source ?? null;
    const literal = candidates.find(({ source }) => source.kind === 'written-in')?.source.name ?? null;
    const mayBeUnknown = urls.some(({ value }) => startsUnknown(value, constants));
    for (const { source, path, isFallback, context, sent, asksQuestion, pathPlace } of candidates) {
      // A page falls back to its own origin where the variable, or a value that is known at run time only, is missing.
      const isOwnFallback = (variable !== null || mayBeUnknown) && source.kind === 'same-origin';
      if (isOwnFallback) continue;
      const mayBeApi = mayBeApiUrl(source, path, isDirect) || (asksQuestion && !isVendorUrl(source));
      const key = `${source.kind} ${source.name} ${source.file.path} ${source.start}`;
      // Of a function that several call, what this call prefers.
      const chosen = candidates.find((other) => other.context === context && isNamed(other.source))?.source;
      const isSame = chosen?.kind === source.kind && chosen.name === source.name;
      const other = isFallback && !isSame ? (chosen ?? null) : null;
      const preferred = isNamed(source) ? null : other;
      const fallback = isNamed(source) ? literal : null;
      const url = merged.get(key) ?? {
        source: { ...source, fallback },
        uses: [],
        isDirect,
        preferred,
        mayBeApi,
      };
      url.mayBeApi ||= mayBeApi;
      if (preferred === null) url.preferred = null;
      // A package may append any path to a URL without one.
      if (isDirect || path !== '')
        url.uses.push({
          path,
          location,
          call: { file, node, path: pathPlace, address },
          asksQuestion,
          requests: sent,
          preferred: other,
          method: sent[0] === undefined ? '?' : (sent[0].method ?? '?'),
        });
      merged.set(key, url);
    }
  }
  const apis = [...merged.values()].filter(({ mayBeApi }) => mayBeApi);
  const origins = new Set(apis.flatMap(({ source }) => originOf(source.name) ?? []));
  return [...merged.values()]
    .filter(({ mayBeApi, source }) => mayBeApi || origins.has(originOf(source.name) ?? ''))
    .map(({ source, uses, isDirect, preferred }) => {
      return { source, uses: distinctUses(uses), isDirect, preferred };
    });
}

const hasQuestion = (body: SentRequest['body'], path: string): boolean =>
  body !== null &&
  hasQuestionKey(
    body.entries.map(({ key }) => key),
    path,
  );

const isNamed = ({ kind }: UrlSource): boolean => kind !== 'written-in' && kind !== 'same-origin';

type UrlCandidate = { source: UrlSource; path: string; isFallback: boolean };

/** The source that a URL begins with and the path after it; null when it begins with anything else. */
function candidateOf(url: StringParts, constants: ReadonlySet<string>): UrlCandidate | null {
  const [first, ...rest] = url.filter((part) => part.type === 'unresolved' || part.text !== '');
  if (first === undefined) return null;
  if (first.type === 'unresolved') {
    const path = pathOf(rest);
    if (isOwnOrigin(first.reference)) return sameOrigin(path, rest[0]);
    const source = urlSourceAt(first.reference, constants);
    return source === null ? null : { source, path, isFallback: first.reference.isFallback };
  }
  const whole = knownText([first, ...rest]);
  if (whole.startsWith('/')) return sameOrigin(pathOf([first, ...rest]), first);
  const literal =
    /^https?:\/\/[\w.:-]+(?:\/[\w./-]*)?/.exec(first.text)?.[0] ?? /^https?:\/\/[\w.:-]+/.exec(whole)?.[0];
  if (literal === undefined) return null;
  const { file, isFallback } = first;
  const { node } = first;
  const { start, end } = node;
  return {
    source: { kind: 'written-in', name: literal, file, start, end, node, fallback: null },
    path: pathOf([{ ...first, text: whole.slice(literal.length) }]),
    isFallback,
  };
}

/** Whether a URL begins with a value that the code does not show: a state, a reply. */
function startsUnknown(url: StringParts, constants: ReadonlySet<string>): boolean {
  const first = url.find((part) => part.type === 'unresolved' || part.text !== '');
  if (first?.type !== 'unresolved' || isOwnOrigin(first.reference)) return false;
  return urlSourceAt(first.reference, constants) === null;
}

/** Whether it is `window.location.origin`. */
function isOwnOrigin({ node, path }: Reference): boolean {
  const names = path.map(({ name }) => name).join('.');
  return (
    node.type === 'Identifier' &&
    /^(?:location\.)?origin$/.test(names) &&
    /^(?:window|globalThis|self|location)$/.test(node.name)
  );
}

function sameOrigin(path: string, part: StringPart | undefined): UrlCandidate | null {
  if (part?.type !== 'text' || !/^\/(?:api(?:\/|$)|chat|query|ask)/.test(path)) return null;
  const { file, isFallback } = part;
  const { node } = part;
  const { start, end } = node;
  return {
    source: { kind: 'same-origin', name: path, file, start, end, node, fallback: null },
    path,
    isFallback,
  };
}

/** The text up to the first part that is unknown when the code is read. */
function knownText(parts: StringParts): string {
  const end = parts.findIndex(({ type }) => type === 'unresolved');
  const start = end < 0 ? parts : parts.slice(0, end);
  return start.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function pathOf(parts: StringParts): string {
  const path = /^[^?#\s]*/.exec(knownText(parts))?.[0] ?? '';
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}

const spaceUrl = /^https?:\/\/[\w-]+\.hf\.space(?:$|[/:])/i;
const loopbackUrl = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?:$|[/:])/;
/** The APIs of others, some of which answer chats of their own. */
const vendorUrl =
  /^https?:\/\/(?:[\w-]+\.)*(?:openai|anthropic|googleapis|groq|openrouter|github|cohere|mistral|deepseek|together|huggingface)\.\w+(?:$|[/:])/;

const isVendorUrl = ({ kind, name }: UrlSource): boolean => kind === 'written-in' && vendorUrl.test(name);

/** Whether a source is the literal URL of a Space. */
export const isSpaceUrl = ({ kind, name }: UrlSource): boolean =>
  kind === 'written-in' && spaceUrl.test(name);

/** Whether a source can be the API's URL: its name says so, or a chat request is sent to it. */
function mayBeApiUrl(source: UrlSource, path: string, isDirect: boolean): boolean {
  const { kind, name } = source;
  if (kind === 'same-origin' || isSpaceUrl(source)) return true;
  if (kind === 'written-in') {
    const ownPath = name.replace(/^https?:\/\/[^/]+/, '');
    return !isVendorUrl(source) && (loopbackUrl.test(name) || isChatPath(ownPath + path));
  }
  if (isUrlName(name.split('.').at(-1) ?? '')) return true;
  return isDirect && (kind === 'constant' || isChatPath(path));
}

/** One use for each path and line, with the requests of every caller. */
function distinctUses(uses: readonly UrlUse[]): UrlUse[] {
  const merged = new Map<string, UrlUse>();
  for (const use of uses) {
    const key = `${use.location.file}:${use.location.line}:${use.method} ${use.path}`;
    const same = merged.get(key);
    const requests = [...new Set([...(same?.requests ?? []), ...use.requests])];
    merged.set(key, { ...use, requests, asksQuestion: use.asksQuestion || same?.asksQuestion === true });
  }
  return [...merged.values()];
}
