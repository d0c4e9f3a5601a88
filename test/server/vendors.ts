/** The stand-ins of the server's three services, inside the test's own process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startGemini } from '../../sandbox/gemini/gemini.ts';
import { startPostgres, type Postgres } from '../../sandbox/postgres/postgres.ts';
import { startQdrant } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { defaults } from '../../server/contract.ts';
import { headingPath, type Section } from '../../server/collection/section.ts';
import type { Stamp } from '../../server/collection/stamp.ts';
import { textFormat } from '../../server/collection/embedding.ts';
import { sparseVector } from '../../server/collection/sparse-vector.ts';

export type Vendors = {
  faults: Faults;
  record: ExchangeRecord;
  gemini: Awaited<ReturnType<typeof startGemini>>;
  qdrant: Awaited<ReturnType<typeof startQdrant>>;
  postgres: Postgres;
  /** The environment of the server's process. */
  environment: Record<string, string>;
  close(): Promise<void>;
};

export async function startVendors(): Promise<Vendors> {
  const folder = mkdtempSync(join(tmpdir(), 'rag-space-server-test-'));
  chmodSync(folder, 0o755);
  const faults = new Faults();
  const record = new ExchangeRecord();
  const [gemini, qdrant, postgres] = await Promise.all([
    startGemini({ faults, record }),
    startQdrant({ faults, record }),
    startPostgres({ folder, password: 'p@ss/word#1', faults }),
  ]);
  return {
    faults,
    record,
    gemini,
    qdrant,
    postgres,
    environment: {
      GEMINI_API_KEY: gemini.apiKey,
      GOOGLE_GEMINI_BASE_URL: gemini.url,
      QDRANT_URL: qdrant.url,
      QDRANT_API_KEY: qdrant.apiKey,
      DATABASE_URL: postgres.url,
      ALLOWED_ORIGINS: 'https://book.example',
      LOG_LEVEL: 'silent',
    },
    async close() {
      await Promise.all([gemini.close(), qdrant.close(), postgres.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const model = defaults.embeddingModel;
const { dimensions } = defaults;

/** Gemini's streams as the sandbox counts them: open ones, and those whose client disconnected. */
export function answerStreams({ gemini }: Pick<Vendors, 'gemini'>): { open: number; aborted: number } {
  return gemini.state()['streams'] as { open: number; aborted: number };
}

/** For `expect.poll`: how often to check, and for how long, in milliseconds. */
export const soon = { interval: 5, timeout: 20_000 };

export function stampOf(sections: readonly Section[]): Stamp {
  return {
    kind: 'stamp',
    book: '',
    embedding_model: model,
    dimensions,
    text_format: textFormat(model),
    chunker: 1,
    sections: sections.length,
    without_vector: 0,
    digest: `digest-${sections.length}`,
    written_at: '2026-11-23T00:00:00.000Z',
  };
}

/** Writes a book into the stand-in's collection as indexing does; an incomplete one has no stamp. */
export async function writeBook(
  { gemini, qdrant }: Pick<Vendors, 'gemini' | 'qdrant'>,
  sections: readonly Section[],
  collection: string = defaults.collection,
  { isWhole = true }: { isWhole?: boolean } = {},
): Promise<void> {
  const { signal } = new AbortController();
  const embedder = createGeminiEmbedder({ apiKey: gemini.apiKey, baseUrl: gemini.url, model, dimensions });
  const store = createQdrantStore({ url: qdrant.url, apiKey: qdrant.apiKey, collection });
  if (!(await store.describe({ signal })).exists) await store.create({ dimensions, signal });
  const documents = sections.map((section) => ({ title: headingPath(section), text: section.content }));
  const vectors: (number[] | null)[] = [];
  for (let at = 0; at < documents.length; at += 100)
    vectors.push(...(await embedder.embedDocuments({ documents: documents.slice(at, at + 100), signal })));
  await store.upsert({
    points: sections.map((section, index) => ({
      section,
      dense: vectors[index] ?? null,
      sparse: sparseVector(section),
    })),
    signal,
  });
  if (isWhole) await store.writeStamp({ stamp: stampOf(sections), signal });
}
