import { expect } from 'vitest';
import {
  readQuestions,
  type StoredQuestions,
} from '../../../server/adapters/postgres/owner/read-insights.ts';
import { chatSettings } from '../../../server/chat/settings.ts';
import { startServer } from '../../server/start-server.ts';
import type { Vendors } from '../../server/vendors.ts';

/** A question, and the planted gap that it is about. */
export type ReaderQuestion = { question: string; gap: string | null };

/** A busy machine must not decide which questions are searched by words alone. In milliseconds. */
const patience = {
  indexReadyTimeoutMs: 120_000,
  embedTimeoutMs: 120_000,
  searchTimeoutMs: 120_000,
  historyTimeoutMs: 120_000,
};

/**
 * Asks a server about the book at these vendors, as 16 readers at once, of whom every second one votes an answer down that
 * is beside the question. Resolves with what was stored; the vendors are closed then.
 */
export async function askReadership({
  vendors,
  questions,
  since,
}: {
  vendors: Vendors;
  questions: readonly ReaderQuestion[];
  since: number;
}): Promise<StoredQuestions> {
  vendors.gemini.controls['paceMs']?.(0);
  const options = { shutdownMs: 60_000, settings: { ...chatSettings, ...patience } };
  const server = await startServer({ environment: vendors.environment, options });
  const waiting = [...questions];
  // Chosen by the questions alone: what one reader does depends neither on the order nor on how fast others are answered.
  const missed = questions.flatMap(({ question, gap }) => (gap === null ? [] : [question])).toSorted();
  const votingDown = new Set(missed.filter((_, at) => at % 2 === 0));
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await (await fetch(`${server.url}${path}`, request)).json()) as Record<string, unknown>;
  };
  // Of a server that is asked by 16 at once, an answer may not be stored yet: then a vote is refused, and given again.
  const voteDown = async (id: unknown): Promise<void> => {
    let reply: Record<string, unknown> = {};
    for (let attempt = 0; attempt < 100 && reply['status'] !== 'stored'; attempt += 1)
      reply = await post('/api/feedback', { message_id: id, rating: 'down' });
    expect(reply).toMatchObject({ status: 'stored' });
  };
  const reader = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const reply = await post('/api/chat', { message: next.question, stream: false });
      expect(reply).toMatchObject({ success: true });
      if (votingDown.has(next.question) && reply['has_answer'] === true) await voteDown(reply['message_id']);
    }
  };
  await Promise.all(Array.from({ length: 16 }, reader));
  await server.close();
  const { signal } = new AbortController();
  const stored = await readQuestions({
    databaseUrl: vendors.postgres.url,
    since: new Date(since).toISOString(),
    signal,
  });
  await vendors.close();
  if (stored === null) throw new Error('Nothing was stored.');
  return stored;
}
