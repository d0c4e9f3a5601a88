import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { syncBook } from '../../indexer/sync/sync-book.ts';
import { chatSettings, type ChatSettings } from '../../server/chat/settings.ts';
import { defaults } from '../../server/contract.ts';
import { askServer } from '../server/reference-client.ts';
import { startServer } from '../server/start-server.ts';
import { startVendors, type Vendors } from '../server/vendors.ts';

type Questions = {
  answerable: { question: string; answeredBy: string[] }[];
  unanswerable: { question: string }[];
};
const questions = JSON.parse(
  readFileSync(new URL('../../eval/sample-book.questions.json', import.meta.url), 'utf8'),
) as Questions;
const bookDir = fileURLToPath(new URL('../../sandbox/book', import.meta.url));
const { signal } = new AbortController();

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  const { environment } = vendors;
  const site = await findBook({ dir: bookDir, signal });
  if (site === null) throw new Error('the sample book is not found');
  const sync = syncBook({
    book: await readBook({ site, signal }),
    embedder: createGeminiEmbedder({
      apiKey: environment['GEMINI_API_KEY'] ?? '',
      baseUrl: environment['GOOGLE_GEMINI_BASE_URL'] ?? '',
      model: defaults.embeddingModel,
      dimensions: defaults.dimensions,
    }),
    store: createQdrantStore({
      url: environment['QDRANT_URL'] ?? '',
      apiKey: environment['QDRANT_API_KEY'] ?? null,
      collection: defaults.collection,
    }),
    now: Date.now,
    sleep: () => Promise.resolve(),
    signal,
  });
  while ((await sync.next()).done !== true);
});

afterAll(() => vendors?.close());

/** An answer, and the URLs that its markers refer to. */
async function citedBy(url: string, question: string): Promise<{ text: string; cited: string[] }> {
  const { text, sources } = await askServer(url, { message: question, mode: 'general' });
  const numbers = [...text.matchAll(/\[Source (\d+)\]/g)].map((match) => Number(match[1]));
  return { text, cited: [...new Set(numbers)].map((number) => String(sources[number - 1]?.['url'])) };
}

/** The questions whose answer cites one of the expected sections. */
async function correctlyAnswered(settings: ChatSettings): Promise<string[]> {
  const server = await startServer({ environment: vendors.environment, options: { settings } });
  try {
    const right: string[] = [];
    for (const { question, answeredBy } of questions.answerable) {
      const { cited } = await citedBy(server.url, question);
      if (cited.some((url) => answeredBy.includes(url))) right.push(question);
    }
    return right;
  } finally {
    await server.close();
  }
}

/** Gives every stored section the vector of another section. */
async function shuffleVectors(): Promise<void> {
  const call = async (method: string, path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(
      `${vendors.environment['QDRANT_URL']}/collections/${defaults.collection}${path}`,
      {
        method,
        headers: {
          'content-type': 'application/json',
          'api-key': vendors.environment['QDRANT_API_KEY'] ?? '',
        },
        body: JSON.stringify(body),
      },
    );
    expect(response.ok).toBe(true);
    return response.json();
  };
  type Point = { id: string; payload: { calibration?: unknown }; vector: { dense?: number[] } };
  const { result } = (await call('POST', '/points/scroll', {
    limit: 1_000,
    with_payload: true,
    with_vector: true,
  })) as { result: { points: Point[] } };
  const points = result.points.filter((point) => point.vector.dense !== undefined);
  const half = Math.floor(points.length / 2);
  const shuffled = points.map((point, index) => ({
    ...point,
    vector: { ...point.vector, dense: points[(index + half) % points.length]?.vector.dense },
  }));
  // What was learnt about the right vectors would override the weight that is tried here.
  const stamps = result.points.filter(({ payload }) => payload.calibration !== undefined);
  const bare = stamps.map(({ id, payload }) => ({
    id,
    payload: { ...payload, calibration: undefined },
    vector: {},
  }));
  expect(bare).toHaveLength(1);
  await call('PUT', '/points?wait=true', { points: [...shuffled, ...bare] });
}

describe('the ten questions about the sample book', () => {
  it('are each answered with a citation of the right section', async () => {
    expect(await correctlyAnswered(chatSettings)).toEqual(
      questions.answerable.map(({ question }) => question),
    );
  });

  it('are refused without a citation when the book does not answer them', async () => {
    const server = await startServer({ environment: vendors.environment });
    for (const { question } of questions.unanswerable) {
      const { text, cited } = await citedBy(server.url, question);
      expect([question, cited, text.length > 20]).toEqual([question, [], true]);
    }
    await server.close();
  });

  it('are mostly wrong with shuffled vectors and no lexical retriever', async () => {
    await shuffleVectors();
    const right = await correctlyAnswered({
      ...chatSettings,
      fusion: { denseWeight: 1, cosineDeviation: null },
    });
    expect(right.length).toBeLessThanOrEqual(3);
  });
});
