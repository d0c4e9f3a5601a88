/** The nouns of one question and its answer, as they travel inside the server. */
import type { Section } from '../collection/section.ts';

export type QuestionMode = 'general' | 'selection';

export type HistoryEntry = { role: 'user' | 'assistant'; text: string };

/** A parsed request. */
export type Question = {
  message: string;
  mode: QuestionMode;
  /** The text that the reader marked; null in general mode. */
  selection: string | null;
  /** Null begins a conversation. */
  conversationId: string | null;
  /** What a client that keeps its own history sent; the stored one is used when this is empty. */
  history: readonly HistoryEntry[];
  /** Sections that the client wants at most; ours where it names none. */
  passages?: number;
};

export type Passage = {
  section: Section;
  /** Cosine to the question, 0 to 1, where the dense leg found it; else its share of the best lexical score. */
  similarity: number;
  /** The fused score that ranked it, 0 to 1. */
  score: number;
};

/** A passage as a frontend gets it. The first three keys are the original's. */
export type Source = {
  file: string;
  heading: string;
  similarity: number;
  url: string;
  title: string;
  section: string;
  score: number;
};

/** How an answer came about; more than one may hold. Shown in `metadata` and in health. */
export type Strategy =
  | 'hybrid'
  | 'lexical'
  | 'dense'
  | 'bundled-book'
  | 'selection'
  | 'extractive'
  | 'refused'
  | 'small-talk';

export type ChatEvent =
  | { type: 'metadata'; conversationId: string; strategies: Strategy[] }
  | { type: 'token'; content: string }
  | { type: 'error'; code: string; message: string }
  | { type: 'done'; conversationId: string; sources: Source[] };

/**
 * `file` is spelled so that the old widget's link, `/` + file without its first `.md`, is the page's live
 * address with its anchor, whatever the site's routes.
 */
export function toSource({ section, similarity, score }: Passage): Source {
  return {
    file: legacyFileOf(section.url),
    heading: section.headings.join(' > ') || section.title,
    similarity: roundScore(similarity),
    url: section.url,
    title: section.title,
    section: section.headings.at(-1) ?? section.title,
    score: roundScore(score),
  };
}

function legacyFileOf(url: string): string {
  const path = url.replace(/^\//, '');
  const first = path.indexOf('.md');
  const end = first === -1 ? (/[?#]/.exec(path)?.index ?? path.length) : first;
  return `${path.slice(0, end)}.md${path.slice(end)}`;
}

function roundScore(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}
