import type { BookSelection } from '../../indexer/book-selection.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import {
  readQuestions,
  type AskedQuestion,
  type StoredQuestions,
} from '../../server/adapters/postgres/owner/read-insights.ts';
import { defaults } from '../../server/contract.ts';
import { translateServerErrors } from '../deployment/server-errors.ts';
import { parseSiteUrl } from '../model/formats/book-location.ts';
import type { InsightsReport } from '../model/run/insights-report.ts';
import { daysBetween, summarise, type BookSections, type TokenPrice } from './summarise.ts';

const day = 86_400_000;
/** Calls of the embedding model at a time. */
const parallelCalls = 8;

/** What the owner's database holds; `toEmbed` are the texts that have no vector. */
export type StoredInsights = { stored: StoredQuestions; toEmbed: string[] };

/** Reads the questions of some days; null for a database that no server of this version has used. Throws Failure. */
export async function readStored(options: {
  databaseUrl: string;
  days: number;
  /** Milliseconds since 1970. */
  now: number;
  signal: AbortSignal;
}): Promise<StoredInsights | null> {
  const since = new Date(options.now - options.days * day).toISOString();
  const stored = await translateServerErrors(readQuestions({ ...options, since }));
  if (stored === null) return null;
  const missing = stored.questions.filter(({ vector }) => vector === null).map(({ text }) => text);
  return { stored, toEmbed: [...new Set(missing)].sort() };
}

/** The questions with the vectors of those that had none, one call each. Throws Failure. */
export async function embedMissing(
  { stored, toEmbed }: StoredInsights,
  gemini: { apiKey: string; baseUrl: string; model: string; signal: AbortSignal },
): Promise<StoredQuestions> {
  const embedder = createGeminiEmbedder({ ...gemini, dimensions: defaults.dimensions });
  const vectors = new Map<string, Float32Array>();
  const waiting = [...toEmbed];
  const work = async (): Promise<void> => {
    for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
      const vector = Float32Array.from(await embedder.embedQuery({ text, signal: gemini.signal }));
      const length = Math.hypot(...vector) || 1;
      vectors.set(
        text,
        vector.map((value) => value / length),
      );
    }
  };
  await translateServerErrors(Promise.all(Array.from({ length: parallelCalls }, work)));
  const withVector = (question: AskedQuestion): AskedQuestion => ({
    ...question,
    vector: question.vector ?? vectors.get(question.text) ?? null,
  });
  return { ...stored, questions: stored.questions.map(withVector) };
}

/** The book's title and sections, from a folder that holds a site, or that the user named; null for any other. */
export async function readSections(options: {
  dir: string;
  named: boolean;
  selection: BookSelection;
  signal: AbortSignal;
}): Promise<{ title: string; sections: NonNullable<BookSections> } | null> {
  if (parseSiteUrl(options.dir) !== null) return null;
  const site = await translateServerErrors(findBook(options));
  if (site === null || !(options.named || site.kind === 'docusaurus')) return null;
  const book = await translateServerErrors(readBook({ ...options, site }));
  const sections = new Map<string, { heading: string }>();
  for (const { url, title, headings } of book.sections)
    sections.set(url, { heading: headings.at(-1) ?? title });
  return { title: book.site.title, sections };
}

/** The report of some days. Pure. */
export function insightsOf(options: {
  stored: StoredQuestions;
  sections: BookSections;
  price: TokenPrice;
  days: number;
  now: number;
}): InsightsReport {
  const { now, days } = options;
  return summarise({ ...options, since: now - days * day, until: now });
}

/** Questions of the last days, today included; none where the database cannot be read. Never rejects. */
export async function questionsByDay(options: {
  databaseUrl: string;
  days: number;
  now: number;
  signal: AbortSignal;
}): Promise<InsightsReport['days']> {
  const recent = await readStored(options).catch(() => null);
  const since = options.now - (options.days - 1) * day;
  return recent === null ? [] : daysBetween(recent.stored.questions, { since, until: options.now });
}
