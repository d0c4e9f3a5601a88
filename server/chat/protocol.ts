/** The types of one question and its answer inside the server. */
import type { Section } from '../collection/section.ts';

export type QuestionMode = 'general' | 'selection';

export type HistoryEntry = { role: 'user' | 'assistant'; text: string };

export type StoredMessage = {
  id: string;
  /** The id of the turn's question; null for messages of the FastAPI server this replaces. */
  turnId: string | null;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Partial<Source>[] | null;
  /** ISO-8601 in UTC with microseconds and without a zone, as the FastAPI server this replaces writes it. */
  createdAt: string;
};

/** A parsed request. */
export type Question = {
  message: string;
  mode: QuestionMode;
  /** The text that the user selected on the page; null in general mode. */
  selection: string | null;
  /** Null starts a conversation. */
  conversationId: string | null;
  /** Title or address of the page that the user is on; null where the client does not say. */
  page: string | null;
  /** Address or path of that page; absent where the client does not say. */
  address?: string;
  /** The book's language and version that the reader is in; absent where the client does not say. */
  locale?: string;
  version?: string;
  /** The conversation's newest stored messages, where they were read to find it. */
  stored?: readonly StoredMessage[] | null;
  /** Sent by clients that keep their own history; when empty, the stored history is used. */
  history: readonly HistoryEntry[];
  /** Whether the reader asks the same again and wants another answer. */
  isFresh?: boolean;
  /** Maximum number of passages, if the client asked for one. */
  passages?: number;
};

/** A section that was retrieved for a question. */
export type Passage = {
  section: Section;
  /** Cosine to the question, 0 to 1; null unless the dense retriever measured it. */
  similarity: number | null;
  /** The fused score that ranked it, 0 to 1. */
  score: number;
  /** Where it is shown; only of a book with several editions. */
  edition?: ShownEdition;
};

/** A version by the name that readers know, and a language. */
export type ShownEdition = { version: string; locale: string };

/** A passage as sent to a frontend. The first three keys are those of the FastAPI server this replaces. */
export type Source = {
  file: string;
  heading: string;
  /** Cosine to the question, 0 to 1; null where it was not measured. */
  similarity: number | null;
  url: string;
  title: string;
  section: string;
  /** As `similarity`, for the clients that read this name. */
  score: number | null;
  /** The sentence of the section that the answer rests on; only where it cites the section. */
  quote?: string;
  /** Only where the answer cites the section for what it does not say. */
  supported?: false;
} & Partial<ShownEdition>;

/** How an answer came about; several may apply. Sent to frontends in `metadata`. */
export type Strategy =
  | 'hybrid'
  | 'lexical'
  | 'dense'
  | 'bundled-book'
  | 'selection'
  | 'smaller-model'
  | 'extractive'
  | 'refused'
  | 'small-talk';

export type ChatEvent =
  | { type: 'metadata'; conversationId: string; strategies: Strategy[] }
  | { type: 'token'; content: string }
  | { type: 'error'; code: string; message: string }
  | {
      type: 'done';
      conversationId: string;
      /** The stored answer's id; null when nothing is stored. */
      messageId: string | null;
      sources: Source[];
      /** With a refusal: the sections nearest to the question, which do not answer it. */
      nearest?: Source[];
    };

/**
 * Converts a passage for a frontend. Existing widgets link to `/` + `file` without its first `.md`, so `file` is spelled
 * to make that the page's live address with its anchor, whatever the site's routes are.
 */
export function toSource({ section, similarity, edition }: Passage): Source {
  return {
    file: legacyFileOf(section.url),
    heading: section.headings.join(' > ') || section.title,
    similarity: roundScore(similarity),
    url: section.url,
    title: section.title,
    section: section.headings.at(-1) ?? section.title,
    score: roundScore(similarity),
    ...edition,
  };
}

function legacyFileOf(url: string): string {
  const path = url.replace(/^\//, '');
  const first = path.indexOf('.md');
  const end = first === -1 ? (/[?#]/.exec(path)?.index ?? path.length) : first;
  return `${path.slice(0, end)}.md${path.slice(end)}`;
}

function roundScore(value: number | null): number | null {
  if (value === null) return null;
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}
