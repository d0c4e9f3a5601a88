/** The server as the Space runs it, built from its parts and listening on a free loopback port. */
import type { AddressInfo } from 'node:net';
import { createGeminiAnswers } from '../../server/adapters/gemini/gemini-answers.ts';
import { geminiCheck } from '../../server/adapters/gemini/gemini-check.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createKeepAliveAgent } from '../../server/adapters/keep-alive-agent.ts';
import { postgresCheck } from '../../server/adapters/postgres/postgres-check.ts';
import { createPostgresStore } from '../../server/adapters/postgres/postgres-store.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { buildApp, type AppOptions, type Ports } from '../../server/app.ts';
import { readSettings } from '../../server/contract.ts';

export type RunningServer = { url: string; close(): Promise<void> };

export function portsOf(environment: Record<string, string>): Ports {
  const {
    GEMINI_API_KEY: apiKey = '',
    DATABASE_URL: databaseUrl = '',
    ...values
  } = readSettings(environment).settings;
  const gemini = { apiKey, baseUrl: values.GOOGLE_GEMINI_BASE_URL };
  const agent = createKeepAliveAgent({ origin: gemini.baseUrl });
  const conversationStore = createPostgresStore({ databaseUrl, connectTimeoutMs: 1_000 });
  const models = { answerModel: values.GEMINI_MODEL, embeddingModel: values.GEMINI_EMBEDDING_MODEL };
  return {
    embedder: createGeminiEmbedder({ ...gemini, model: models.embeddingModel, dimensions: 768 }),
    answerModel: createGeminiAnswers({ ...gemini, model: models.answerModel, agent }),
    smallerModel: createGeminiAnswers({ ...gemini, model: values.CHAT_SMALLER_MODEL, agent }),
    passageStore: createQdrantStore({
      url: values.QDRANT_URL ?? '',
      apiKey: values.QDRANT_API_KEY ?? null,
      collection: values.QDRANT_COLLECTION,
    }),
    conversationStore,
    checks: [
      postgresCheck({ store: conversationStore, databaseUrl }),
      geminiCheck({ ...gemini, ...models, agent }),
    ],
    readBundledBook: () => Promise.resolve(null),
  };
}

export async function startServer({
  environment,
  ports = portsOf(environment),
  options = {},
  healthy = true,
}: {
  environment: Record<string, string>;
  ports?: Ports;
  options?: Partial<AppOptions>;
  /** Whether to wait until health is `healthy`. */
  healthy?: boolean;
}): Promise<RunningServer> {
  const app = buildApp(ports, {
    version: 'test',
    deploymentId: 'deployment-1',
    origins: environment['ALLOWED_ORIGINS'] ?? '',
    logLevel: 'silent',
    bookTitle: 'Robots',
    shutdownMs: 1_000,
    healthTimings: { limit: 2_000, pause: 200, firstRetry: 100 },
    ...options,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  if (healthy) await untilHealth(url, 'healthy');
  return {
    url,
    async close() {
      await app.close();
      await ports.conversationStore.close();
    },
  };
}

export async function untilHealth(url: string, status: string): Promise<Record<string, unknown>> {
  for (;;) {
    const body = (await (await fetch(`${url}/api/health`)).json()) as Record<string, unknown>;
    if (body['status'] === status) return body;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
