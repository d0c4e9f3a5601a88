import { randomUUID } from 'node:crypto';
import type { PassageReader } from '../index/ports.ts';
import { apologyFor, apologyOf, type Apology } from './apology.ts';
import type { Breaker } from './breaker.ts';
import { createCitations } from './citations.ts';
import { extractAnswer } from './extract.ts';
import { find, type Material } from './find.ts';
import { loadHistory, type Recollection } from './history.ts';
import { refusalFor } from './language.ts';
import type { Library } from './library.ts';
import { createLinkFilter, linksIn } from './links.ts';
import { lookUp } from './passages.ts';
import { askModel } from './ask-model.ts';
import { isBlocked } from './own-fault.ts';
import type { AnswerModel, AnswerPiece, AnswerStatus } from './ports.ts';
import { composePrompt } from './prompt.ts';
import { sourceOf, type ChatEvent, type Passage, type Question, type Rung, type Source } from './protocol.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { ChatSettings } from './settings.ts';
import type { Turns } from './turns.ts';
import type { Turnstile } from './turnstile.ts';

export type ChatParts = {
  vectors: Pick<QueryVectors, 'of'>;
  store: PassageReader;
  answers: AnswerModel;
  turns: Turns;
  /** Questions that are searched for at once. */
  searches: Turnstile;
  library: Pick<Library, 'holding' | 'opened'>;
  breakers: { answers: Breaker; qdrant: Breaker; postgres: Breaker };
  settings: ChatSettings;
  /** Told what made an answer worse or fail; the reader is told in other words. */
  log: (failure: unknown) => void;
};

/** What is known of one answer while it is made. */
type Draft = { conversationId: string; text: string; sources: () => Source[]; status: AnswerStatus };

/**
 * One question, answered as events: one `metadata`, tokens, one `done`; an `error` before `done` when it failed.
 * Never throws for a failing service. Leaving the loop or the signal stops the model at once, and what was
 * written by then is kept.
 */
export async function* answerQuestion({
  question,
  parts,
  signal,
}: {
  question: Question;
  parts: ChatParts;
  signal: AbortSignal;
}): AsyncGenerator<ChatEvent> {
  const conversationId = question.conversationId ?? randomUUID();
  const draft: Draft = { conversationId, text: '', sources: none, status: 'stopped' };
  const asked = { id: randomUUID(), conversationId, role: 'user', content: question.message } as const;
  const recollection = loadHistory({ question, asked, parts, signal });
  parts.turns.add({ ...asked, sources: null, status: 'complete' });
  try {
    yield* respond({ question, recollection, draft, parts, signal });
  } finally {
    keep(draft, parts.turns);
  }
}

/** Before anything was found. */
const none = (): Source[] => [];

/** An apology is no answer: it never gets into the draft, and what has no word of its own is not stored. */
function keep({ conversationId, text, sources, status }: Draft, turns: Turns): void {
  if (text === '') return;
  turns.add({
    id: randomUUID(),
    conversationId,
    role: 'assistant',
    content: text,
    sources: sources(),
    status,
  });
}

/** A token that belongs to the answer. */
function say(draft: Draft, content: string): ChatEvent {
  draft.text += content;
  return { type: 'token', content };
}

type Work = {
  question: Question;
  recollection: Recollection;
  draft: Draft;
  parts: ChatParts;
  signal: AbortSignal;
};

async function* respond(work: Work): AsyncGenerator<ChatEvent> {
  const found = await find(work);
  if (found.type === 'bookless') yield* withoutBook(work);
  else if (found.type === 'foreign') yield* refuse(work, found);
  else yield* generate({ ...work, ...found });
}

/** Why there is no book, by what the look at its collection ended with. */
const bookless: Partial<Record<string, string>> = {
  'qdrant-collection-missing': 'book-missing',
  'setting-unusable': 'setting-unusable',
};

/** Nothing to search is another thing than nothing found. */
function* withoutBook({ draft, parts }: Work): Generator<ChatEvent> {
  const { dense, size } = parts.library.holding;
  const why = dense.usable ? '' : dense.code;
  const apology = apologyOf(size > 0 ? 'book-away' : (bookless[why] ?? 'book-not-loaded'));
  yield { type: 'metadata', conversationId: draft.conversationId, rungs: [] };
  yield* apologise({ draft, apology });
}

function* refuse({ draft, question }: Work, { passages, rungs }: Material): Generator<ChatEvent> {
  const sources = passages.map(sourceOf);
  draft.sources = () => sources;
  draft.status = 'complete';
  yield { type: 'metadata', conversationId: draft.conversationId, rungs: [...rungs, 'refused'] };
  yield say(draft, refusalFor(question.message));
  yield { type: 'done', conversationId: draft.conversationId, sources };
}

type Generation = Work & Material;

async function* generate(work: Generation): AsyncGenerator<ChatEvent> {
  const { question, draft, parts, passages, signal } = work;
  const citations = createCitations({ passages: passages.length });
  const links = createLinkFilter({
    isKnown: linksIn(
      [question.selection ?? '', ...passages.map(({ section }) => section.content)],
      passages.map(({ section }) => section.url),
    ),
  });
  const metadata = { type: 'metadata', conversationId: draft.conversationId } as const;
  draft.sources = () => sourcesOf(passages, citations.cited());
  let begun = false;
  try {
    for await (const piece of ask(work)) {
      const content =
        piece.type === 'text'
          ? links.push(citations.push(piece.text))
          : links.push(citations.end()) + links.end();
      if (!begun) yield { ...metadata, rungs: work.rungs };
      begun = true;
      if (content !== '') yield say(draft, content);
      if (piece.type === 'end') draft.status = piece.reason === 'length' ? 'stopped' : 'complete';
    }
  } catch (error) {
    signal.throwIfAborted();
    parts.log(error);
    if (begun) yield* apologise({ draft, apology: apologyFor(error) });
    else yield* extract(work, error);
    return;
  }
  if (draft.status === 'stopped') yield { type: 'token', content: `\n\n${apologyOf('answer-cut').message}` };
  yield { type: 'done', conversationId: draft.conversationId, sources: draft.sources() };
}

function ask({ question, passages, history, parts, signal }: Generation): AsyncIterable<AnswerPiece> {
  const prompt = composePrompt({
    message: question.message,
    passages,
    selection: question.mode === 'selection' ? question.selection : null,
    history,
    // Twelve random digits, of which Node keeps a store; `randomBytes` would ask the system each time.
    nonce: randomUUID().slice(0, 13),
  });
  return askModel({ prompt, parts, signal });
}

/** Cited ones first, in the order of their markers; then those that were only read. */
function sourcesOf(passages: readonly Passage[], cited: readonly number[]): Source[] {
  const rest = Array.from(passages.keys()).filter((index) => !cited.includes(index));
  return [...cited, ...rest].flatMap((index) => {
    const passage = passages[index];
    return passage === undefined ? [] : [sourceOf(passage)];
  });
}

function* apologise({ draft, apology }: { draft: Draft; apology: Apology }): Generator<ChatEvent> {
  const { code, message } = apology;
  draft.status = 'failed';
  draft.sources = none;
  yield { type: 'token', content: draft.text === '' ? message : `\n\n${message}` };
  yield { type: 'error', code, message };
  yield { type: 'done', conversationId: draft.conversationId, sources: [] };
}

/** The model is down: the book speaks for itself where it can. */
async function* extract(work: Generation, error: unknown): AsyncGenerator<ChatEvent> {
  const { question, draft, parts, signal } = work;
  const passages =
    question.mode === 'selection' ? await lookUp({ ...question, parts, signal }) : work.passages;
  const { text, used } = extractAnswer({ message: question.message, passages });
  const rungs: Rung[] = text === '' ? work.rungs : [...work.rungs, 'extractive'];
  yield { type: 'metadata', conversationId: draft.conversationId, rungs };
  if (text === '' || isBlocked(error)) {
    yield* apologise({ draft, apology: apologyFor(error) });
    return;
  }
  const sources = used.map(sourceOf);
  draft.sources = () => sources;
  draft.status = 'complete';
  yield say(draft, text);
  yield { type: 'done', conversationId: draft.conversationId, sources };
}
