/** The server's process: environment, ports, listening, closing. The only file here that touches `process`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { createGeminiAnswers } from './adapters/gemini-answers.ts';
import { geminiCheck } from './adapters/gemini-check.ts';
import { createGeminiEmbedder } from './adapters/gemini.ts';
import { createKeepAlive, fetchThrough } from './adapters/keep-alive.ts';
import { postgresCheck } from './adapters/postgres-check.ts';
import { createPostgresStore } from './adapters/postgres.ts';
import { qdrantAddress } from './adapters/qdrant-address.ts';
import { createQdrantStore } from './adapters/qdrant.ts';
import { buildApp, type Ports } from './app.ts';
import { defaults, serverEnvironment, type ServerEnvironment } from './contract.ts';
import { Failure } from './failure.ts';
import { logFailure } from './http/log-failure.ts';
import { readBookFile } from './index/book-file.ts';
import { keyedFetch } from './keyed-fetch.ts';
import { version } from './version.ts';

const logLevels: Partial<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

async function main(): Promise<void> {
  const environment = readEnvironment();
  if (environment === null) return;
  const ports = connect(environment);
  if (ports === null) return;
  const app = buildApp(ports, {
    version,
    deploymentId: environment.DEPLOYMENT_ID ?? null,
    origins: environment.ALLOWED_ORIGINS,
    logLevel: logLevels[environment.LOG_LEVEL] ?? environment.LOG_LEVEL,
    bookTitle: process.env['SPACE_TITLE'] ?? (await readTitle()) ?? 'Your book',
    sessionKey: createHash('sha256').update(`conversation ids of ${environment.DATABASE_URL}`).digest(),
  });
  closeWithGrace({ delay: 900, logger: false }, async ({ err }) => {
    if (err !== undefined) logFailure(app.log, err, 'error');
    await app.close();
    await ports.turns.close();
  });
  await app.listen({ host: environment.HOST, port: environment.PORT });
}

/** One line for each variable that is missing or wrong: its name, never its value. */
function readEnvironment(): ServerEnvironment | null {
  const parsed = serverEnvironment.safeParse(process.env);
  if (parsed.success) return parsed.data;
  for (const { path, code } of parsed.error.issues) {
    const name = String(path[0]);
    const missing = (process.env[name] ?? '').trim() === '';
    const why = missing ? 'is missing' : `is not usable (${code})`;
    refuse(`${name} ${why}. Set it in the Space's settings, or run: npx rag-space-setup`);
  }
  return null;
}

function refuse(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

function connect(environment: ServerEnvironment): Ports | null {
  try {
    return portsFor(environment);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    refuse(`${error.message} ${error.remedy}`);
    return null;
  }
}

/** Nothing here opens a connection: each port does with its first call. */
function portsFor(environment: ServerEnvironment): Ports {
  const gemini = { apiKey: environment.GEMINI_API_KEY, baseUrl: environment.GOOGLE_GEMINI_BASE_URL };
  const toGemini = createKeepAlive({ origin: gemini.baseUrl });
  const toQdrant = createKeepAlive({
    origin: qdrantAddress(environment.QDRANT_URL).origin,
    maxSockets: 32,
  });
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
    answers: createGeminiAnswers({ ...gemini, model: models.answerModel, keepAlive: toGemini }),
    store: createQdrantStore({
      url: environment.QDRANT_URL,
      apiKey: environment.QDRANT_API_KEY ?? null,
      collection: environment.QDRANT_COLLECTION,
      fetch: fetchThrough(toQdrant),
    }),
    turns,
    checks: [
      postgresCheck({ store: turns, databaseUrl: environment.DATABASE_URL }),
      geminiCheck({ ...gemini, ...models, keepAlive: toGemini }),
    ],
    readBundledBook: async () => readBookFile(await readFile(beside('book.json'), 'utf8').catch(() => null)),
  };
}

/** The Space's own title, out of the front matter of the README that was uploaded with us. */
async function readTitle(): Promise<string | undefined> {
  const text = await readFile(beside('README.md'), 'utf8').catch(() => '');
  return /^title:\s*["']?(.+?)["']?\s*$/m.exec(text)?.[1];
}

/** A file that was uploaded together with this one. */
function beside(name: string): string {
  return join(dirname(process.argv[1] ?? '.'), name);
}

globalThis.fetch = keyedFetch(globalThis.fetch);
void main().catch((error: unknown) => {
  const { code } = error as { code?: string };
  refuse(
    code === 'EADDRINUSE'
      ? 'The port is taken: set PORT to a free one.'
      : `The server cannot start (${code ?? 'unknown'}).`,
  );
});
