import type { ResponseMode } from '../../contract.ts';
import { isStreamPath } from './question-path.ts';
import { fieldsOf, type RequestFields } from './request-fields.ts';
import { legacyReplyForm } from './legacy-reply-form.ts';
import type { JsonForm, ReplyForm, StreamForm } from './reply-form.ts';

/** What a request shows of how its client reads the answer. */
export type RequestEvidence = { fields: RequestFields; accept: string; path: string };

const stream = (form: StreamForm): ReplyForm => ({ transport: 'sse', stream: form });
const json = (sources: JsonForm['sources'], citations: JsonForm['citations']): ReplyForm => ({
  transport: 'json',
  json: { sources, citations },
});

/** The rows that `CHAT_RESPONSE_MODE` can name. `auto` and `0.1` are decided by tables; `json` by the request's fields. */
const namedForms: Partial<Record<ResponseMode, ReplyForm>> = {
  sse: stream('canonical'),
  'sse-message-events': stream('message-events'),
  'sse-delta-events': stream('delta-events'),
  'sse-data-events': stream('data-events'),
  'json-objects': json('objects', 'objects'),
  'json-source-urls': json('urls', 'urls'),
  'json-citation-urls': json('objects', 'urls'),
};

/** First match decides. docs/chat-api.md has the same table, and test/server/http/chat/reply-forms.test.ts a client for each row. */
const jsonRows: readonly { matches(fields: RequestFields): boolean; form: ReplyForm }[] = [
  // Puts each source into `href`, or calls `split` on it.
  { matches: (fields) => hasOnly(fields, ['question']), form: json('urls', 'urls') },
  // Renders each citation as text; an object would crash React.
  { matches: (fields) => fields.has('query') && fields.has('message'), form: json('objects', 'urls') },
  {
    matches: (fields) =>
      !fields.has('query') && ['sessionid', 'selectedtext'].some((name) => fields.has(name)),
    form: json('objects', 'urls'),
  },
  { matches: () => true, form: json('objects', 'objects') },
];

/**
 * The form of the answer to a request: JSON unless the stream is asked for. Only `stream: true` or `false`, or an
 * `Accept` that names exactly one of the two, takes precedence over a `mode` other than `auto`.
 */
export function replyFormOf({
  body,
  accept = '',
  path,
  mode = 'auto',
}: {
  body: unknown;
  accept?: string | undefined;
  path: string;
  mode?: ResponseMode;
}): ReplyForm {
  if (mode === '0.1') return legacyReplyForm({ body, accept });
  const request: RequestEvidence = { fields: fieldsOf(body), accept: accept.toLowerCase(), path };
  const transport = explicitTransport(request) ?? configuredTransport(mode) ?? usualTransport(request);
  const form = namedForms[mode];
  if (form?.transport === transport) return form;
  return transport === 'sse' ? stream('canonical') : jsonForm(request.fields);
}

type Transport = ReplyForm['transport'];

function explicitTransport({ fields, accept }: RequestEvidence): Transport | null {
  const wish = fields.get('stream') ?? fields.get('streaming');
  if (wish === true || wish === 'true') return 'sse';
  if (wish === false || wish === 'false') return 'json';
  const [acceptsStream, acceptsJson] = [
    accept.includes('text/event-stream'),
    accept.includes('application/json'),
  ];
  if (acceptsStream === acceptsJson) return null;
  return acceptsStream ? 'sse' : 'json';
}

function configuredTransport(mode: ResponseMode): Transport | null {
  if (mode === 'auto') return null;
  return mode.startsWith('json') ? 'json' : 'sse';
}

function usualTransport({ fields, accept, path }: RequestEvidence): Transport {
  const mode = fields.get('mode');
  const isCanonical = mode === 'general' || mode === 'selection';
  return isCanonical || accept.includes('text/event-stream') || isStreamPath(path) ? 'sse' : 'json';
}

function jsonForm(fields: RequestFields): ReplyForm {
  return jsonRows.find(({ matches }) => matches(fields))?.form ?? json('objects', 'objects');
}

/** Whether no other field has a value. */
function hasOnly(fields: RequestFields, names: readonly string[]): boolean {
  const filled = Array.from(fields).filter(([name, value]) => name !== 'stream' && value !== '');
  return filled.length === names.length && filled.every(([name]) => names.includes(name));
}
