import type { ChatEvent, Source } from '../../chat/protocol.ts';

/** How sources are spelled in a JSON answer: some widgets crash on objects, some on strings. */
export type JsonShape = 'urls' | 'objects' | 'objects-and-strings';
export type Dialect = { transport: 'sse' } | { transport: 'json'; shape: JsonShape };

/** Where the other frontends of this kind send their questions; answered as `/api/chat` is, where it is asked for. */
export const aliasPaths: readonly string[] = [
  '/chat',
  '/chat/run',
  '/query',
  '/ask',
  '/api/query',
  '/api/ask',
  '/api/chat/query',
  '/api/chat/message',
  '/api/v1/chat',
  '/api/v1/chat/query',
];

type RequestEvidence = { keys: ReadonlySet<string>; body: Record<string, unknown>; accept: string };

const canonicalKeys = new Set(['message', 'mode', 'context', 'conversation_id', 'stream']);
const sseDialect: Dialect = { transport: 'sse' };

/** First row that fits decides what a request is answered with (the wire contract's dialect table). */
const dialectRules: readonly {
  matches(asked: RequestEvidence): boolean;
  respond(asked: RequestEvidence): Dialect;
}[] = [
  {
    matches: ({ body, accept }) => body['stream'] === true || accept.includes('text/event-stream'),
    respond: () => sseDialect,
  },
  {
    matches: ({ body, accept }) => body['stream'] === false || acceptsJsonOnly(accept),
    respond: jsonDialect,
  },
  { matches: ({ keys, body }) => isCanonical(keys, body['mode']), respond: () => sseDialect },
  {
    matches: ({ keys }) => ['question', 'query', 'session_id', 'selected_text'].some((key) => keys.has(key)),
    respond: jsonDialect,
  },
];

export type ResponseMode = 'auto' | 'sse' | 'json';

/**
 * The dialect of a request, from its keys and its `Accept`; the canonical stream where nothing says otherwise. A
 * `mode` other than `auto` settles the transport for all.
 */
export function dialectOf({
  body,
  accept,
  mode = 'auto',
}: {
  body: unknown;
  accept: string | undefined;
  mode?: ResponseMode;
}): Dialect {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const asked = { keys: new Set(Object.keys(fields)), body: fields, accept: accept ?? '' };
  if (mode !== 'auto') return mode === 'sse' ? sseDialect : jsonDialect(asked);
  return dialectRules.find(({ matches: fits }) => fits(asked))?.respond(asked) ?? sseDialect;
}

function acceptsJsonOnly(accept: string): boolean {
  return accept.includes('application/json') && !accept.includes('*/*');
}

function isCanonical(keys: ReadonlySet<string>, mode: unknown): boolean {
  const known = [...keys].every((key) => canonicalKeys.has(key));
  return known && (mode === undefined || mode === null || mode === 'general' || mode === 'selection');
}

/** Whoever sends its question twice, as `message` and as `query`, draws each citation as text. */
function jsonDialect({ keys, body }: RequestEvidence): Dialect {
  const said = [...keys].filter((key) => key !== 'stream' && body[key] !== null && body[key] !== '');
  if (said.length === 1 && said[0] === 'question') return { transport: 'json', shape: 'urls' };
  const objects = keys.has('query') && !keys.has('message');
  return { transport: 'json', shape: objects ? 'objects' : 'objects-and-strings' };
}

export type CollectedAnswer = {
  text: string;
  sources: readonly Source[];
  conversationId: string;
  error: { code: string; message: string } | null;
};

/** A stream put together, for clients that want one JSON body. */
export async function collectAnswer(events: AsyncIterable<ChatEvent>): Promise<CollectedAnswer> {
  const answer: CollectedAnswer = { text: '', sources: [], conversationId: '', error: null };
  for await (const event of events) {
    if (event.type === 'metadata') answer.conversationId = event.conversationId;
    else if (event.type === 'token') answer.text += event.content;
    else if (event.type === 'error') answer.error = { code: event.code, message: event.message };
    else answer.sources = event.sources;
  }
  return answer;
}

/** The superset of what the JSON clients read; `sources` and `citations` in the shape that does not crash them. */
export function jsonAnswer({
  answer,
  shape,
  session,
  model,
  now,
  textOf,
}: {
  answer: CollectedAnswer;
  shape: JsonShape;
  session: string | null;
  model: string;
  now: Date;
  /** What stands in the section that a source names; empty when it is not at hand. */
  textOf: (source: Source) => string;
}): Record<string, unknown> {
  const objects = answer.sources.map((source) => sourceSuperset(source, textOf(source)));
  const urls = answer.sources.map(({ url }) => url);
  return {
    answer: answer.text,
    response: answer.text,
    reply: answer.text,
    response_text: answer.text,
    answer_text: answer.text,
    conversation_id: answer.conversationId,
    session_id: session ?? answer.conversationId,
    sources: shape === 'urls' ? urls : objects,
    citations: shape === 'objects' ? objects : urls,
    has_answer: answer.sources.length > 0,
    model,
    timestamp: now.toISOString(),
  };
}

/** Characters of a section that are shown under its title. */
const previewLength = 240;

function sourceSuperset(source: Source, text: string): Record<string, unknown> {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  const preview = plain.length > previewLength ? `${plain.slice(0, previewLength).trimEnd()} …` : plain;
  return {
    ...source,
    chapter: source.title,
    chapter_title: source.title,
    path: source.file,
    file_path: source.file,
    page_url: source.url,
    similarity_score: source.similarity,
    content_preview: preview === '' ? source.heading : preview,
    chunk_text: preview === '' ? source.heading : preview,
  };
}
