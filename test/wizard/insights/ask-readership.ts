import { expect } from 'vitest';
import {
  readQuestions,
  type StoredQuestions,
} from '../../../server/adapters/postgres/owner/read-insights.ts';
import { startServer } from '../../server/start-server.ts';
import type { Vendors } from '../../server/vendors.ts';

/** A question, and the planted gap that it is about. */
export type ReaderQuestion = { question: string; gap: string | null };

/**
 * Asks a server about the book at these vendors, as 16 readers at once, of whom every second one votes an answer down that
 * is beside the question. Resolves with what was stored; the vendors are closed then.
 */
export async function askReadership(options: {
  vendors: Vendors;
  questions: readonly ReaderQuestion[];
  since: number;
}): Promise<StoredQuestions> {
  const { vendors, questions, since } = options;
  vendors.gemini.controls['paceMs']?.(0);
  const server = await startServer({ environment: vendors.environment, options: { shutdownMs: 60_000 } });
  const waiting = [...questions];
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await (await fetch(`${server.url}${path}`, request)).json()) as Record<string, unknown>;
  };
  const reader = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const reply = await post('/api/chat', { message: next.question, stream: false });
      expect(reply).toMatchObject({ success: true });
      if (next.gap !== null && reply['has_answer'] === true && waiting.length % 2 === 0)
        await post('/api/feedback', { message_id: reply['message_id'], rating: 'down' });
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
