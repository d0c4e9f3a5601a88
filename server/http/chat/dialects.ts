import type { ChatEvent, Source } from '../../chat/protocol.ts';

/** The form of sources in a JSON answer: some widgets crash on objects, some on strings. */
export type JsonShape = 'urls' | 'objects' | 'objects-and-strings';
/** The form of the answer to one request. */
export type Dialect = { transport: 'sse' } | { transport: 'json'; shape: JsonShape };

/** Paths used by frontends of similar servers; answered like `/api/chat` when `CHAT_ALIAS_ROUTES` is on. */
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

/** The first matching row decides the form of the answer; docs/chat-api.md has the same table. */
const dialectRules: readonly {
  matches(request: RequestEvidence): boolean;
  respond(request: RequestEvidence): Dialect;
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
 * Chooses a request's dialect from its keys and its `Accept` header; the canonical stream by default. A `mode` other
 * than `auto` fixes the transport for every request.
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
  const request = { keys: new Set(Object.keys(fields)), body: fields, accept: accept ?? '' };
  if (mode !== 'auto') return mode === 'sse' ? sseDialect : jsonDialect(request);
  return dialectRules.find(({ matches }) => matches(request))?.respond(request) ?? sseDialect;
}

function acceptsJsonOnly(accept: string): boolean {
  return accept.includes('application/json') && !accept.includes('*/*');
}

function isCanonical(keys: ReadonlySet<string>, mode: unknown): boolean {
  const isSubset = [...keys].every((key) => canonicalKeys.has(key));
  return isSubset && (mode === undefined || mode === null || mode === 'general' || mode === 'selection');
}

/** Frontends that send the question twice, as `message` and as `query`, render each citation as text. */
function jsonDialect({ keys, body }: RequestEvidence): Dialect {
  const filled = [...keys].filter((key) => key !== 'stream' && body[key] !== null && body[key] !== '');
  if (filled.length === 1 && filled[0] === 'question') return { transport: 'json', shape: 'urls' };
  const objects = keys.has('query') && !keys.has('message');
  return { transport: 'json', shape: objects ? 'objects' : 'objects-and-strings' };
}

/** A complete answer. */
export type CollectedAnswer = {
  text: string;
  sources: readonly Source[];
  conversationId: string;
  error: { code: string; message: string } | null;
};

/** Collects a stream of events, for clients that want one JSON body. */
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

/** Composes the superset of what JSON clients read, with `sources` and `citations` in the shape that they can handle. */
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
  /** The text of a source's section; empty when it is not in memory. */
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

/** Length of a section's preview in characters. */
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
