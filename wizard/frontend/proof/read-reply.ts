import * as z from 'zod';
import { readEventData } from '../../clients/event-stream.ts';
import { oneLine } from '../../clients/redact.ts';
import type { ReplyReading } from '../../model/chat-contract.ts';

/** A source of an answer: an object, or a string where the client reads strings. */
export type ReplySource = string | Readonly<Record<string, unknown>>;

/** What a client gets out of a reply: the answer and its sources, or why it gets nothing. */
export type ClientReading =
  | { type: 'answer'; text: string; sources: readonly ReplySource[] }
  /** The server says why it does not answer. */
  | { type: 'refused'; reason: string }
  /** The client's code cannot read it. */
  | { type: 'unreadable'; reason: string };

type ReplyBody = { text: string; contentType: string };

/** Reads a reply as the client's code does. */
export async function readReply(reply: ReplyBody, reading: ReplyReading): Promise<ClientReading> {
  const isStream = reply.contentType.startsWith('text/event-stream');
  if (reading.type === 'json') return isStream ? wrongKind('JSON', reply) : readJson(reply, reading);
  if (reading.type === 'unknown' || reading.form === 'unknown')
    return { type: 'unreadable', reason: 'its code does not show how it reads the answer' };
  if (reading.form === 'foreign')
    return { type: 'unreadable', reason: 'its code reads events of a type that the server does not send' };
  if (reading.form === 'text') return isStream ? wrongKind('plain text', reply) : plainText(reply);
  if (!isStream) return wrongKind('an event stream', reply);
  return readStream(reply, reading.form);
}

function wrongKind(expected: string, { contentType }: ReplyBody): ClientReading {
  const got = contentType === '' ? 'something without a type' : contentType.replace(/;.*$/, '');
  return { type: 'unreadable', reason: `its code reads ${expected}, and the answer is ${got}` };
}

function plainText({ text }: ReplyBody): ClientReading {
  return text.trim() === ''
    ? { type: 'unreadable', reason: 'the answer is empty' }
    : { type: 'answer', text, sources: [] };
}

const sourceList = z.array(z.union([z.string(), z.record(z.string(), z.unknown())]));

function readJson({ text }: ReplyBody, reading: Extract<ReplyReading, { type: 'json' }>): ClientReading {
  const data = parseJson(text);
  if (data === undefined)
    return { type: 'unreadable', reason: 'its code reads JSON, and the answer is none' };
  const answer = reading.text.map((path) => valueAt(data, path)).find(isText);
  if (answer === undefined) {
    const fields = reading.text.map((path) => `“${path}”`).join(' or ');
    return { type: 'unreadable', reason: `its code reads ${fields}, which the answer does not have` };
  }
  const broken = reading.called?.find((path) => isMissing(data, path));
  if (broken !== undefined)
    return {
      type: 'unreadable',
      reason: `its code calls a method of “${broken}”, which the answer does not have`,
    };
  const { sources } = reading;
  if (sources === null) return { type: 'answer', text: answer, sources: listAt(data, 'sources') ?? [] };
  const list = listAt(data, sources.path);
  if (list === null)
    return {
      type: 'unreadable',
      reason: `its code reads a list “${sources.path}”, which the answer does not have`,
    };
  const isWanted = (source: ReplySource): boolean =>
    sources.as === 'unknown' || (typeof source === 'string') === (sources.as === 'strings');
  if (!list.every(isWanted))
    return {
      type: 'unreadable',
      reason: `its code reads “${sources.path}” as ${sources.as}, and gets others`,
    };
  const addresses = sources.fields.filter((name) => addressName.test(name));
  const hasAddress = (source: ReplySource): boolean =>
    typeof source === 'string' || addresses.some((name) => isText(source[name]));
  if (addresses.length > 0 && !list.every(hasAddress)) {
    const fields = addresses.map((name) => `“${name}”`).join(' or ');
    return {
      type: 'unreadable',
      reason: `its code links each of “${sources.path}” by ${fields}, which the answer does not have`,
    };
  }
  return { type: 'answer', text: answer, sources: list };
}

/** Names of a source's address; an image's or a video's is none. */
const addressName =
  /^(?:(?:page|doc|document|chapter|section|source|anchor)?_?)?(?:url|link|href|uri)(?:_fragment)?$/i;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** The value at `data.response` or `choices.0.text`. */
function valueAt(data: unknown, path: string): unknown {
  return path
    .split('.')
    .filter((name) => name !== '')
    .reduce<unknown>((value, name) => {
      const key = name.replace(/^\[?(\d+)\]?$/, '$1');
      return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    }, data);
}

/** Whether an object that should have the value at `retrieved_chunks.*.score` has none. */
function isMissing(data: unknown, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  if (name === '*') return Array.isArray(data) && data.some((element) => isMissing(element, rest.join('.')));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const value: unknown = Reflect.get(data, name);
  return rest.length === 0 ? value == null : isMissing(value, rest.join('.'));
}

function listAt(data: unknown, path: string): readonly ReplySource[] | null {
  return sourceList.safeParse(valueAt(data, path)).data ?? null;
}

const eventSchema = z.looseObject({
  type: z.string().nullish(),
  content: z.string().nullish(),
  delta: z.string().nullish(),
  done: z.boolean().nullish(),
  data: z.unknown().optional(),
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  sources: sourceList.nullish(),
  citation: z.record(z.string(), z.unknown()).nullish(),
});
type StreamEvent = z.infer<typeof eventSchema>;

async function readStream(
  { text: body }: ReplyBody,
  form: 'canonical' | 'message-events' | 'delta-events' | 'data-events',
): Promise<ClientReading> {
  let text = '';
  let reason: string | null = null;
  const sources: ReplySource[] = [];
  const listed: ReplySource[] = [];
  for await (const data of readEventData(chunksOf(body))) {
    const { data: event } = eventSchema.safeParse(parseJson(data));
    if (event === undefined) continue;
    text += pieceOf(event, form);
    reason ??= errorOf(event);
    if (event.citation != null) sources.push(event.citation);
    listed.push(...(event.sources ?? []));
  }
  if (reason !== null) return { type: 'refused', reason };
  if (text.trim() === '') return { type: 'refused', reason: 'the answer was empty' };
  return { type: 'answer', text, sources: sources.length > 0 ? sources : listed };
}

function pieceOf({ type, content, delta, data }: StreamEvent, form: string): string {
  if (form === 'delta-events') return delta ?? '';
  if (form === 'data-events') return type === 'delta' && typeof data === 'string' ? data : '';
  return type === 'token' ? (content ?? '') : '';
}

function errorOf({ type, message, content, error, data }: StreamEvent): string | null {
  if (type !== 'error') return null;
  const reason = [message, error, content, data].find((text) => typeof text === 'string');
  return oneLine(reason ?? 'it gave no reason');
}

// oxlint-disable-next-line require-await -- the reader of events takes a stream
async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
