import { createGeminiAnswers } from './adapters/gemini-answers.ts';
import { geminiCheck } from './adapters/gemini-check.ts';
import { createGeminiEmbedder } from './adapters/gemini.ts';
import { createKeepAlive } from './adapters/keep-alive.ts';
import { postgresCheck } from './adapters/postgres-check.ts';
import { createPostgresStore } from './adapters/postgres.ts';
import { createQdrantStore } from './adapters/qdrant.ts';
import type { Ports } from './app.ts';
import { defaults, type ServerEnvironment } from './contract.ts';

/**
 * The outside world as the environment describes it, over one agent of kept connections for each vendor. Opens
 * none: each port does with its first call. Throws a Failure for an address that is none.
 */
export function portsFor(
  environment: ServerEnvironment,
  { readBundledBook }: Pick<Ports, 'readBundledBook'>,
): Ports {
  const keepAlive = createKeepAlive({ origin: environment.GOOGLE_GEMINI_BASE_URL });
  const gemini = {
    apiKey: environment.GEMINI_API_KEY,
    baseUrl: environment.GOOGLE_GEMINI_BASE_URL,
    keepAlive,
  };
  const turns = createPostgresStore({ databaseUrl: environment.DATABASE_URL });
  const models = {
    answerModel: environment.GEMINI_MODEL,
    embeddingModel: environment.GEMINI_EMBEDDING_MODEL,
  };
  return {
    embedder: createGeminiEmbedder({
      ...gemini,
      model: models.embeddingModel,
      dimensions: defaults.dimensions,
    }),
    answers: createGeminiAnswers({ ...gemini, model: models.answerModel }),
    store: createQdrantStore({
      url: environment.QDRANT_URL,
      apiKey: environment.QDRANT_API_KEY ?? null,
      collection: environment.QDRANT_COLLECTION,
    }),
    turns,
    checks: [
      postgresCheck({ store: turns, databaseUrl: environment.DATABASE_URL }),
      geminiCheck({ ...gemini, ...models }),
    ],
    readBundledBook,
  };
}
