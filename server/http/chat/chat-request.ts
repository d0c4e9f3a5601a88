import { z } from 'zod';
import type { HistoryEntry, QuestionMode, Question } from '../../chat/protocol.ts';
import { HttpError } from '../http-error.ts';

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
  /** The client's own name for its conversation, returned to it. Unless it is a UUID, `question` has no id yet. */
  session: string | null;
};

const maxPassages = 20;

const anyText = z.string().nullish();
/** Every field name that frontends of similar servers use; docs/chat-api.md lists them. */
const chatBody = z.looseObject({
  message: anyText,
  question: anyText,
  query: anyText,
  user_question: anyText,
  question_text: anyText,
  content: anyText,
  text: anyText,
  mode: anyText,
  context_mode: anyText,
  query_mode: anyText,
  context: z.unknown().optional(),
  selected_text: anyText,
  selectedText: anyText,
  selection: anyText,
  selected_context: z.unknown().optional(),
  conversation_id: anyText,
  session_id: anyText,
  sessionId: anyText,
  thread_id: anyText,
  history: z.unknown().optional(),
  conversation_history: z.unknown().optional(),
  top_k: z.unknown().optional(),
  k: z.unknown().optional(),
});
type ChatBody = z.infer<typeof chatBody>;

const questionKeys = [
  'message',
  'question',
  'query',
  'user_question',
  'question_text',
  'content',
  'text',
] as const;
const sessionKeys = ['session_id', 'sessionId', 'thread_id'] as const;
const sessionHeaders = ['x-session-id', 'x-anonymous-session-id'] as const;

const modes: Record<string, QuestionMode> = {
  general: 'general',
  full: 'general',
  full_text: 'general',
  book: 'general',
  all: 'general',
  selection: 'selection',
  selected: 'selection',
  selected_text: 'selection',
  highlight: 'selection',
};

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/**
 * Parses a request. Unknown keys are ignored, `null` counts as absent. Throws an HttpError: 422 for an invalid body,
 * 400 for selection mode without a selection.
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
  const parsed = chatBody.safeParse(body);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path[0];
    throw invalidRequest(
      field === undefined ? 'The body must be a JSON object.' : `The field "${String(field)}" must be text.`,
    );
  }
  const fields = parsed.data;
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
  const { conversationId, session } = conversationOf({ fields, headers });
  return {
    session,
    question: {
      message,
      mode: isSelection ? 'selection' : 'general',
      selection: isSelection && selection !== null ? wellFormed(selection.slice(0, limits.selection)) : null,
      conversationId,
      history: clientHistoryOf(fields.history ?? fields.conversation_history, limits),
      ...passageLimitOf(fields.top_k ?? fields.k),
    },
  };
}

/** Only a wish: anything but a number is ignored, and a large number reduced. */
function passageLimitOf(value: unknown): { passages?: number } {
  const wanted = typeof value === 'number' || typeof value === 'string' ? Math.floor(Number(value)) : 0;
  return wanted >= 1 ? { passages: Math.min(wanted, maxPassages) } : {};
}

function messageOf(fields: ChatBody, limits: RequestLimits): string {
  const text = questionKeys.map((key) => fields[key]).find((value) => typeof value === 'string');
  if (text === undefined || text === null)
    throw invalidRequest('A question is required in the field "message".');
  const message = wellFormed(text).trim();
  if (message === '') throw invalidRequest('The question is empty.');
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

function modeOf(fields: ChatBody): QuestionMode | null {
  const value = fields.mode ?? fields.context_mode ?? fields.query_mode;
  if (value === undefined || value === null || value === '') return null;
  const mode = modes[value.toLowerCase()];
  if (mode === undefined) throw invalidRequest('The field "mode" must be "general" or "selection".');
  return mode;
}

/**
 * A bare `context` is a selection only in selection mode, or next to `query` or `question` and long enough: two
 * frontends send a label in it.
 */
function selectionOf(fields: ChatBody, mode: QuestionMode | null): string | null {
  if (mode === 'general') return null;
  const context = typeof fields.context === 'string' ? fields.context : null;
  const hasQuery = typeof fields.query === 'string' || typeof fields.question === 'string';
  const isLong = (context?.trim().length ?? 0) >= 20;
  const bare = mode === 'selection' || (hasQuery && isLong) ? context : null;
  const nested = [textIn(fields.selected_context, 'text'), textIn(fields.context, 'selectedText')];
  const candidates = [fields.selected_text, fields.selectedText, fields.selection, ...nested, bare];
  return candidates.find((text): text is string => typeof text === 'string' && text.trim() !== '') ?? null;
}

function textIn(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null || !(key in value)) return null;
  const text = (value as Record<string, unknown>)[key];
  return typeof text === 'string' ? text : null;
}

function conversationOf({
  fields,
  headers,
}: {
  fields: ChatBody;
  headers: Record<string, string | string[] | undefined>;
}): { conversationId: string | null; session: string | null } {
  const { conversation_id: id } = fields;
  if (typeof id === 'string' && id !== '') {
    if (!isUuid(id)) throw invalidRequest('The field "conversation_id" must be a UUID.');
    return { conversationId: canonicalUuid(id), session: null };
  }
  const session = [
    ...sessionKeys.map((key) => fields[key]),
    ...sessionHeaders.map((name) => headers[name]),
  ].find((name): name is string => typeof name === 'string' && name !== '');
  if (session === undefined) return { conversationId: null, session: null };
  if (session.length > 200) throw invalidRequest('The session name is too long: at most 200 characters.');
  if (isUuid(session)) return { conversationId: canonicalUuid(session), session };
  return { conversationId: null, session };
}

/** With or without hyphens. */
export function isUuid(value: string): boolean {
  return uuid.test(value);
}

/** Lower case, with hyphens. */
export function canonicalUuid(value: string): string {
  const hex = value.toLowerCase().replaceAll('-', '');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const historyEntry = z.looseObject({
  role: z.enum(['user', 'assistant', 'model', 'bot', 'ai']),
  content: z.string().nullish(),
  text: z.string().nullish(),
  message: z.string().nullish(),
});

/** Keeps texts of users and assistants; anything else in a client's history is dropped. */
function clientHistoryOf(value: unknown, limits: RequestLimits): HistoryEntry[] {
  if (!Array.isArray(value)) return [];
  return value.slice(-limits.historyEntries).flatMap((entry) => {
    const parsed = historyEntry.safeParse(entry);
    const text = parsed.data?.content ?? parsed.data?.text ?? parsed.data?.message ?? '';
    if (!parsed.success || text.trim() === '') return [];
    return [
      {
        role: parsed.data.role === 'user' ? ('user' as const) : ('assistant' as const),
        text: wellFormed(text.slice(0, 4_000)),
      },
    ];
  });
}

function invalidRequest(message: string): HttpError {
  return new HttpError({ status: 422, code: 'request-invalid', message });
}
