import { z } from 'zod';
import type { HistoryEntry, QuestionMode, Question } from '../../chat/protocol.ts';
import { HttpProblem } from '../http-problem.ts';

export type RequestLimits = {
  /** Characters. */
  message: number;
  /** Characters kept of a marked text; more is cut off, since some frontends send a whole chapter. */
  selection: number;
  historyEntries: number;
};

export const requestLimits: RequestLimits = { message: 2_000, selection: 12_000, historyEntries: 20 };

export type ChatRequest = {
  question: Question;
  /** The client's own name for its conversation, given back to it; where it is no UUID the question has no id yet. */
  session: string | null;
};

const maxPassages = 20;

const anyText = z.string().nullish();
/** Every spelling in which the frontends of this kind ask (the wire contract's alias table). */
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
 * The body as a question. Unknown keys are ignored, `null` counts as absent. Throws a Problem: 422 for what
 * cannot be read, 400 for selection mode without a text.
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
  const marked = selectionOf(fields, mode);
  const selects = mode === 'selection' || (mode === null && marked !== null);
  if (selects && marked === null)
    throw new HttpProblem({
      status: 400,
      code: 'selection-missing',
      message: 'Context required for selection mode: mark a text in the book first.',
    });
  const { conversationId, session } = conversationOf({ fields, headers });
  return {
    session,
    question: {
      message,
      mode: selects ? 'selection' : 'general',
      selection: selects && marked !== null ? wellFormed(marked.slice(0, limits.selection)) : null,
      conversationId,
      history: clientHistoryOf(fields.history ?? fields.conversation_history, limits),
      ...passageLimitOf(fields.top_k ?? fields.k),
    },
  };
}

/** A wish, so what is no number is passed over and a large one cut. */
function passageLimitOf(value: unknown): { passages?: number } {
  const wanted = typeof value === 'number' || typeof value === 'string' ? Math.floor(Number(value)) : 0;
  return wanted >= 1 ? { passages: Math.min(wanted, maxPassages) } : {};
}

function messageOf(fields: ChatBody, limits: RequestLimits): string {
  const found = questionKeys.map((key) => fields[key]).find((value) => typeof value === 'string');
  if (found === undefined || found === null)
    throw invalidRequest('A question is required in the field "message".');
  const message = wellFormed(found).trim();
  if (message === '') throw invalidRequest('The question is empty.');
  if (message.length > limits.message)
    throw invalidRequest(
      `The question is too long: at most ${limits.message} characters, it has ${message.length}.`,
    );
  return message;
}

/** Half of a surrogate pair, also one that a cut leaves, is no text: Google refuses the whole request for it. */
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
 * A bare `context` is a marked text only where the mode says so, or beside `query` or `question` and long
 * enough to be one: two frontends send a label there.
 */
function selectionOf(fields: ChatBody, mode: QuestionMode | null): string | null {
  if (mode === 'general') return null;
  const context = typeof fields.context === 'string' ? fields.context : null;
  const asked = typeof fields.query === 'string' || typeof fields.question === 'string';
  const bare = mode === 'selection' || (asked && (context?.trim().length ?? 0) >= 20) ? context : null;
  const nested = [textIn(fields.selected_context, 'text'), textIn(fields.context, 'selectedText')];
  const candidates = [fields.selected_text, fields.selectedText, fields.selection, ...nested, bare];
  return candidates.find((one): one is string => typeof one === 'string' && one.trim() !== '') ?? null;
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
  const given = fields.conversation_id;
  if (typeof given === 'string' && given !== '') {
    if (!isUuid(given)) throw invalidRequest('The field "conversation_id" must be a UUID.');
    return { conversationId: canonicalUuid(given), session: null };
  }
  const session = [
    ...sessionKeys.map((key) => fields[key]),
    ...sessionHeaders.map((name) => headers[name]),
  ].find((one): one is string => typeof one === 'string' && one !== '');
  if (session === undefined) return { conversationId: null, session: null };
  if (session.length > 200) throw invalidRequest('The session name is too long: at most 200 characters.');
  if (isUuid(session)) return { conversationId: canonicalUuid(session), session };
  return { conversationId: null, session };
}

export function isUuid(value: string): boolean {
  return uuid.test(value);
}

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

/** Texts of users and assistants only; whatever else a client calls history is left out. */
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

function invalidRequest(message: string): HttpProblem {
  return new HttpProblem({ status: 422, code: 'request-invalid', message });
}
