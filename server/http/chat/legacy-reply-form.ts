import type { JsonForm, ReplyForm } from './reply-form.ts';

const canonicalKeys = new Set(['message', 'mode', 'context', 'conversation_id', 'stream']);
const streamForm: ReplyForm = { transport: 'sse', stream: 'canonical' };

type LegacyRequest = { keys: ReadonlySet<string>; body: Record<string, unknown>; accept: string };

/** First match decides: the table of version 0.1 as it was, for deployments whose frontend relies on it. */
const rows: readonly {
  matches(request: LegacyRequest): boolean;
  respond(request: LegacyRequest): ReplyForm;
}[] = [
  {
    matches: ({ body, accept }) => body['stream'] === true || accept.includes('text/event-stream'),
    respond: () => streamForm,
  },
  {
    matches: ({ body, accept }) =>
      body['stream'] === false || (accept.includes('application/json') && !accept.includes('*/*')),
    respond: jsonForm,
  },
  { matches: isCanonical, respond: () => streamForm },
  {
    matches: ({ keys }) => ['question', 'query', 'session_id', 'selected_text'].some((key) => keys.has(key)),
    respond: jsonForm,
  },
];

/** `CHAT_RESPONSE_MODE=0.1`: a request gets the stream unless its fields are those of a JSON client. */
export function legacyReplyForm({ body, accept }: { body: unknown; accept: string }): ReplyForm {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const request = { keys: new Set(Object.keys(fields)), body: fields, accept };
  return rows.find(({ matches }) => matches(request))?.respond(request) ?? streamForm;
}

function isCanonical({ keys, body: { mode } }: LegacyRequest): boolean {
  const isSubset = [...keys].every((key) => canonicalKeys.has(key));
  return isSubset && (mode === undefined || mode === null || mode === 'general' || mode === 'selection');
}

function jsonForm({ keys, body }: LegacyRequest): ReplyForm {
  const filled = [...keys].filter((key) => key !== 'stream' && body[key] !== null && body[key] !== '');
  const form = (sources: JsonForm['sources'], citations: JsonForm['citations']): ReplyForm => ({
    transport: 'json',
    json: { sources, citations },
  });
  if (filled.length === 1 && filled[0] === 'question') return form('urls', 'urls');
  return form('objects', keys.has('query') && !keys.has('message') ? 'objects' : 'urls');
}
