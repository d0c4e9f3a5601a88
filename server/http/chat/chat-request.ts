import type { HistoryEntry, QuestionMode, Question } from '../../chat/protocol.ts';
import { isUuid } from '../conversation/uuid.ts';
import { HttpError } from '../http-error.ts';
import { hasQuestionField, messageText, questionIn, wrongTypedQuestion } from './question-body.ts';
import { readerPlaceOf } from './reader-place.ts';
import { fieldsOf, firstText, type RequestFields } from './request-fields.ts';

export type RequestLimits = {
  /** Characters. */
  message: number;
  /** Characters; a longer selection is truncated, since some frontends send a whole chapter. */
  selection: number;
  historyEntries: number;
};

export const requestLimits: RequestLimits = { message: 2_000, selection: 12_000, historyEntries: 20 };

export type ChatRequest = {
  question: Question;
  /** The client's own name for its conversation, returned to it. */
  session: string | null;
  /** Every id and name that the client gives its conversation, `conversation_id` first; `question` has no id yet. */
  names: readonly string[];
};

const maxPassages = 20;

const sessionNames = ['sessionid', 'threadid', 'chatid', 'session'] as const;
const sessionHeaders = ['x-session-id', 'x-anonymous-session-id'] as const;
/** Characters; a longer name is no name. */
const maxSessionLength = 2_000;

/** Modes by the names that frontends give them; any other name leaves it to whether a text is selected. */
const modes: ReadonlyMap<string, QuestionMode> = new Map([
  ['general', 'general'],
  ['full', 'general'],
  ['full_text', 'general'],
  ['book', 'general'],
  ['all', 'general'],
  ['selection', 'selection'],
  ['selected', 'selection'],
  ['selected_text', 'selection'],
  ['highlight', 'selection'],
]);

/**
 * Parses a request, whichever names its client gives the fields. Unknown fields are ignored, `null` counts as absent.
 *
 * @throws HttpError 422 for a body without a question, 400 for selection mode without a selection.
 */
export function parseChatRequest({
  body,
  headers,
  limits,
}: {
  body: unknown;
  headers: Record<string, string | string[] | undefined>;
  limits: RequestLimits;
}): ChatRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidRequest('The body must be a JSON object.');
  const fields = fieldsOf(body);
  const message = messageOf(fields, limits);
  const mode = modeOf(fields);
  const selection = selectionOf(fields, mode);
  const isSelection = mode === 'selection' || (mode === null && selection !== null);
  if (isSelection && selection === null)
    throw new HttpError({
      status: 400,
      code: 'selection-missing',
      message: 'Context required for selection mode: mark a text in the book first.',
    });
  return {
    ...conversationOf({ fields, headers }),
    question: {
      message,
      mode: isSelection ? 'selection' : 'general',
      selection: isSelection && selection !== null ? wellFormed(selection.slice(0, limits.selection)) : null,
      conversationId: null,
      ...readerPlaceOf(fields, headers),
      history: clientHistoryOf(fields, limits),
      isFresh: /\bno-(?:cache|store)\b/i.test(String(headers['cache-control'] ?? '')),
      ...passageLimitOf(fields.get('topk') ?? fields.get('k')),
    },
  };
}

/** Only a wish: anything but a number is ignored, and a large number reduced. */
function passageLimitOf(value: unknown): { passages?: number } {
  const wanted = typeof value === 'number' || typeof value === 'string' ? Math.floor(Number(value)) : 0;
  return wanted >= 1 ? { passages: Math.min(wanted, maxPassages) } : {};
}

function messageOf(fields: RequestFields, limits: RequestLimits): string {
  const text = questionIn(fields);
  if (text === null) {
    const wrong = wrongTypedQuestion(fields);
    if (wrong !== null) throw invalidRequest(`The field "${wrong}" must be text.`);
    throw invalidRequest(
      hasQuestionField(fields) ? 'The question is empty.' : 'A question is required in the field "message".',
    );
  }
  const message = wellFormed(text).trim();
  if (message.length > limits.message)
    throw invalidRequest(
      `The question is too long: at most ${limits.message} characters, it has ${message.length}.`,
    );
  return message;
}

/** Replaces lone surrogates, which truncation may produce: Google rejects a request that contains one. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function modeOf(fields: RequestFields): QuestionMode | null {
  const name = firstText(fields, ['mode', 'contextmode', 'querymode']);
  return name === null ? null : (modes.get(name.toLowerCase()) ?? null);
}

const selectionNames = [
  'selectedtext',
  'selection',
  'highlightedtext',
  'selectedcontext',
  'selectedcontent',
] as const;

/**
 * A bare `context` is a selection only in selection mode, or next to `query` or `question` and long enough: two
 * frontends send a label in it.
 */
function selectionOf(fields: RequestFields, mode: QuestionMode | null): string | null {
  if (mode === 'general') return null;
  const context = fields.get('context');
  const nested = fieldsOf(context);
  const hasQuery = fields.has('query') || fields.has('question');
  const isLong = typeof context === 'string' && context.trim().length >= 20;
  const bare = mode === 'selection' || (hasQuery && isLong) ? firstText(fields, ['context']) : null;
  return (
    firstText(fields, selectionNames) ??
    firstText(fieldsOf(fields.get('selectedcontext')), ['text', 'content']) ??
    firstText(fieldsOf(fields.get('selection')), ['text', 'content']) ??
    firstText(nested, selectionNames) ??
    (mode === 'selection' ? firstText(nested, ['text', 'content']) : null) ??
    bare
  );
}

/** A `conversation_id` that is no UUID is returned like a session's name. */
function conversationOf({
  fields,
  headers,
}: {
  fields: RequestFields;
  headers: Record<string, string | string[] | undefined>;
}): Pick<ChatRequest, 'session' | 'names'> {
  const id = nameOf(fields.get('conversationid'));
  const candidates = [
    ...sessionNames.map((name) => fields.get(name)),
    ...sessionHeaders.map((name) => headers[name]),
  ];
  const session = candidates.map(nameOf).find((name) => name !== null) ?? null;
  const names = [id, session].filter((name) => name !== null);
  if (id !== null && isUuid(id)) return { session: null, names };
  return { session: session ?? id, names };
}

/** Clients name sessions with texts and numbers. */
function nameOf(value: unknown): string | null {
  const name = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return name === '' || name.length > maxSessionLength ? null : wellFormed(name);
}

const historyNames = ['history', 'conversationhistory', 'chathistory', 'previousmessages'] as const;
const maxEntryLength = 4_000;

/** Keeps texts of users and assistants; anything else in a client's history is dropped. */
function clientHistoryOf(fields: RequestFields, limits: RequestLimits): HistoryEntry[] {
  const list = historyNames.map((name) => fields.get(name)).find((value) => Array.isArray(value));
  const entries: unknown = list ?? earlierMessages(fields.get('messages'));
  if (!Array.isArray(entries)) return [];
  return entries.slice(-limits.historyEntries).flatMap((entry: unknown) => {
    const role = roleOf(entry);
    const text = messageText(entry);
    return role === null || text.trim() === ''
      ? []
      : [{ role, text: wellFormed(text.slice(0, maxEntryLength)) }];
  });
}

/** The entries before the last user's entry, which is the question. */
function earlierMessages(messages: unknown): unknown[] {
  if (!Array.isArray(messages)) return [];
  const last = messages.findLastIndex((entry) => roleOf(entry) === 'user');
  return messages.slice(0, Math.max(0, last));
}

function roleOf(entry: unknown): HistoryEntry['role'] | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { role, sender, type } = entry as Record<string, unknown>;
  const name = [role, sender, type].find((value) => typeof value === 'string');
  if (name === 'user' || name === 'human') return 'user';
  return typeof name === 'string' && /^(?:assistant|model|bot|ai)$/.test(name) ? 'assistant' : null;
}

function invalidRequest(message: string): HttpError {
  return new HttpError({ status: 422, code: 'request-invalid', message });
}
