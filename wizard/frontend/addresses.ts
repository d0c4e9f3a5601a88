import { isAboutChat } from './meaning.ts';
import { isAddressName } from './names.ts';
import type { Piece, Pieces } from './trace/pieces.ts';
import { isOwnOrigin, readAt, readsIn, type Read } from './reads.ts';
import type { Trace } from './trace/ref.ts';
import { handedOver, requestsIn, type Request } from './requests.ts';
import { placeAt, type Place, type SourceFile } from './trace/source.ts';

/** What the code does with an address: the path that it appends, and where it asks. */
export type Use = { path: string; place: Place };

/** An address that the code asks at, and how. */
export type Asked = {
  read: Read;
  uses: readonly Use[];
  isSure: boolean;
  /** What the code takes before this one, where there is such a value. */
  behind: Read | null;
};

type Found = { read: Read; path: string; isFallback: boolean };

/** The addresses of every request; where there is none, those that a package is handed. */
export function addressesIn(
  trace: Trace,
  clients: readonly SourceFile[],
  constants: ReadonlySet<string>,
): Asked[] {
  const of = (requests: readonly Request[]): Asked[] => merged(requests, constants);
  const sure = of(clients.flatMap((file) => requestsIn(trace, file)));
  if (sure.length > 0 || !clients.some((file) => isPromising(file, constants))) return sure;
  return of(clients.flatMap((file) => handedOver(trace, file)));
}

/** Whether there is anything to hand over: following every argument of a large project takes seconds. */
function isPromising(file: SourceFile, constants: ReadonlySet<string>): boolean {
  if (
    /\.hf\.space|:\/\/localhost|['"`]\/api|https?:\/\/[^'"`\s]*\/(?:api|chat|query|ask)\b/.test(file.text) ||
    [...constants].some((name) => file.text.includes(name))
  )
    return true;
  return readsIn(file).some(({ name }) => isAddressName(name.split('.').at(-1) ?? ''));
}

function merged(requests: readonly Request[], constants: ReadonlySet<string>): Asked[] {
  const all = new Map<string, Asked & { uses: Use[] }>();
  for (const { file, node, addresses, isSure } of requests) {
    const place = placeAt(file, node.start);
    const found = addresses.flatMap((one) => addressOf(one, constants) ?? []);
    const named = found.find(({ read }) => isNamed(read))?.read ?? null;
    const written = found.find(({ read }) => read.kind === 'written-in')?.read.name ?? null;
    for (const { read, path, isFallback } of found) {
      // Its own origin is what a page takes where the variable is missing.
      if (!isWorthIt(read, path, isSure) || (named !== null && read.kind === 'same-origin')) continue;
      const key = `${read.kind} ${read.name} ${read.file.path} ${read.start}`;
      const behind = isFallback && !isNamed(read) ? named : null;
      const fallback = isNamed(read) ? written : null;
      const one = all.get(key) ?? { read: { ...read, fallback }, uses: [], isSure, behind };
      // A package may append what it likes.
      if (isSure || path !== '') one.uses.push({ path, place });
      all.set(key, one);
    }
  }
  return [...all.values()].map((one) => ({ ...one, uses: distinct(one.uses) }));
}

const isNamed = ({ kind }: Read): boolean => kind !== 'written-in' && kind !== 'same-origin';

function addressOf(pieces: Pieces, constants: ReadonlySet<string>): Found | null {
  const [first, ...rest] = pieces.filter((one) => one.type === 'end' || one.text !== '');
  if (first === undefined) return null;
  if (first.type === 'end') {
    const path = pathIn(rest);
    if (isOwnOrigin(first.ref)) return sameOrigin(path, rest[0]);
    const read = readAt(first.ref, constants);
    return read === null ? null : { read, path, isFallback: first.ref.isFallback };
  }
  const whole = textOf([first, ...rest]);
  if (whole.startsWith('/')) return sameOrigin(pathIn([first, ...rest]), first);
  const name =
    /^https?:\/\/[\w.:-]+(?:\/[\w./-]*)?/.exec(first.text)?.[0] ?? /^https?:\/\/[\w.:-]+/.exec(whole)?.[0];
  if (name === undefined) return null;
  const { node, file, isFallback } = first;
  const read: Read = { kind: 'written-in', name, file, start: node.start, end: node.end, fallback: null };
  return { read, path: pathIn([{ ...first, text: whole.slice(name.length) }]), isFallback };
}

function sameOrigin(path: string, piece: Piece | undefined): Found | null {
  if (piece?.type !== 'text' || !/^\/(?:api(?:\/|$)|chat|query|ask)/.test(path)) return null;
  const { node, file, isFallback } = piece;
  const { start, end } = node;
  return { read: { kind: 'same-origin', name: path, file, start, end, fallback: null }, path, isFallback };
}

/** The text up to what is not known when the code is read. */
function textOf(pieces: Pieces): string {
  const open = pieces.findIndex(({ type }) => type === 'end');
  const known = open < 0 ? pieces : pieces.slice(0, open);
  return known.map((one) => (one.type === 'text' ? one.text : '')).join('');
}

function pathIn(pieces: Pieces): string {
  const path = /^[^?#\s]*/.exec(textOf(pieces))?.[0] ?? '';
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}

export const spaceAddress = /^https?:\/\/[\w-]+\.hf\.space(?:$|[/:])/i;
const local = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?:$|[/:])/;
/** Others’ servers, some of which answer chats of their own. */
const vendors =
  /^https?:\/\/(?:[\w-]+\.)*(?:openai|anthropic|googleapis|groq|openrouter|github|cohere|mistral)\.\w+(?:$|[/:])/;

/** Whether an address may be the server’s: one that is named so, or asked for a chat. */
function isWorthIt({ kind, name }: Read, path: string, isSure: boolean): boolean {
  if (kind === 'same-origin') return true;
  if (kind === 'written-in') {
    const below = name.replace(/^https?:\/\/[^/]+/, '');
    return (
      spaceAddress.test(name) || (!vendors.test(name) && (local.test(name) || isAboutChat(below + path)))
    );
  }
  if (isAddressName(name.split('.').at(-1) ?? '')) return true;
  return kind === 'constant' ? isSure : isSure && isAboutChat(path);
}

function distinct(uses: readonly Use[]): Use[] {
  return [...new Map(uses.map((use) => [`${use.place.file}:${use.place.line}:${use.path}`, use])).values()];
}
