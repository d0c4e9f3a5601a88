import { responseModes, type ResponseMode } from '../../server/contract.ts';
import { jsonReply, type CollectedAnswer } from '../../server/http/chat/json-reply.ts';
import type { JsonForm, ReplyForm } from '../../server/http/chat/reply-form.ts';
import { replyFormOf } from '../../server/http/chat/reply-forms.ts';
import {
  isAboutSelection,
  type BodyField,
  type ChatContract,
  type ReplyReading,
} from '../model/chat-contract.ts';

/**
 * The `CHAT_RESPONSE_MODE` with which the server sends what a page reads: `preferred` where that does, else the first
 * that does. Null where the contract does not show what the page reads, or no mode sends it.
 */
export function responseModeFor(
  { path, headers, body, reply }: ChatContract,
  preferred: ResponseMode = 'auto',
): ResponseMode | null {
  const request = { path, accept: headers['accept'] ?? '*/*' };
  const bodies = [sampleBody(body), sampleBody(body.filter((field) => !isOptional(field)))];
  const modes = [preferred, ...responseModes.filter((mode) => mode !== '0.1')];
  const isRead = (mode: ResponseMode): boolean =>
    bodies.every((sample) => canRead(replyFormOf({ ...request, body: sample, mode }), reply));
  return modes.find(isRead) ?? null;
}

/** The first question has no session or history yet, and most have no selection. */
const isOptional = (field: BodyField): boolean =>
  ['selection', 'session', 'history'].includes(field.role) ||
  (field.role !== 'question' && isAboutSelection(field));

/** A body as the page sends it. */
function sampleBody(fields: readonly BodyField[]): Record<string, unknown> {
  const samples: Record<BodyField['role'], unknown> = {
    question: 'What is this book about?',
    selection: 'A selected sentence of the book.',
    session: 'session',
    history: [],
    constant: null,
    unknown: 'general',
  };
  return Object.fromEntries(fields.map(({ key, role, value }) => [key, value ?? samples[role]]));
}

function canRead(form: ReplyForm, reading: ReplyReading): boolean {
  if (reading.type === 'unknown') return false;
  if (reading.type === 'stream') return form.transport === 'sse' && form.stream === reading.form;
  if (form.transport === 'sse') return false;
  const reply = sampleReply(form.json);
  const { text, sources } = reading;
  if (!text.some((path) => typeof valueAt(reply, path) === 'string')) return false;
  const list = sources === null ? undefined : valueAt(reply, sources.path);
  if (sources === null || sources.as === 'unknown' || !Array.isArray(list)) return true;
  return list.every((source) => (typeof source === 'string') === (sources.as === 'strings'));
}

/** What the server sends in a form. */
function sampleReply(form: JsonForm): unknown {
  const source = { file: 'intro.md', heading: 'Intro', title: 'Intro', section: 'Intro', url: '/intro' };
  const answer: CollectedAnswer = {
    text: 'An answer.',
    sources: [{ ...source, similarity: 0.9, score: 0.9 }],
    nearest: [],
    conversationId: '',
    messageId: null,
    error: null,
  };
  return jsonReply({
    answer,
    form,
    session: null,
    model: '',
    now: new Date(0),
    detailsOf: () => ({ text: '', chunkIndex: null, totalChunks: null }),
    addressOf: ({ url }) => url,
  });
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((owner, name) => {
    const isObject = typeof owner === 'object' && owner !== null;
    return isObject ? (owner as Record<string, unknown>)[name] : undefined;
  }, value);
}
