import {
  closedAnswers,
  closedCheck,
  closedEmbedder,
  closedStore,
  closedTurns,
} from './adapters/closed-ports.ts';
import { createGeminiAnswers } from './adapters/gemini-answers.ts';
import { geminiCheck } from './adapters/gemini-check.ts';
import { createGeminiEmbedder } from './adapters/gemini.ts';
import { createKeepAlive } from './adapters/keep-alive.ts';
import { postgresCheck } from './adapters/postgres-check.ts';
import { createPostgresStore } from './adapters/postgres.ts';
import { createQdrantStore } from './adapters/qdrant.ts';
import type { Ports } from './app.ts';
import { defaults, type Settings, type UnusableSetting } from './contract.ts';
import { Failure } from './failure.ts';
import { closing, unusableSetting } from './unusable-setting.ts';

/**
 * The outside world as the settings describe it, over one agent of kept connections for each vendor. Opens none:
 * each port does with its first call. A vendor that the settings do not lead to is closed, and says why.
 */
export function portsFor(
  settings: Settings,
  { unusable, readBundledBook }: { unusable: readonly UnusableSetting[] } & Pick<Ports, 'readBundledBook'>,
): Ports {
  const gemini = opened(closing('gemini', unusable), () => openGemini(settings), closedGemini(settings));
  const qdrant = opened(closing('qdrant', unusable), () => openQdrant(settings), closedQdrant(settings));
  const postgres = opened(closing('postgres', unusable), () => openPostgres(settings), closedPostgres);
  return {
    embedder: gemini.embedder,
    answers: gemini.answers,
    store: qdrant,
    turns: postgres.turns,
    checks: [postgres.check, gemini.check],
    readBundledBook,
  };
}

/** What `open` gives, or what stands for it where it cannot. */
function opened<T>(why: Failure | null, open: () => T, closed: (failure: Failure) => T): T {
  if (why !== null) return closed(why);
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return closed(error);
  }
}

function openGemini(settings: Settings) {
  const { GEMINI_API_KEY: apiKey = '', GOOGLE_GEMINI_BASE_URL: baseUrl } = settings;
  if (!URL.canParse(baseUrl)) throw unusableSetting({ name: 'GOOGLE_GEMINI_BASE_URL', isMissing: false });
  const gemini = { apiKey, baseUrl, keepAlive: createKeepAlive({ origin: baseUrl }) };
  const [answerModel, embeddingModel] = [settings.GEMINI_MODEL, settings.GEMINI_EMBEDDING_MODEL];
  const { dimensions } = defaults;
  return {
    embedder: createGeminiEmbedder({ ...gemini, model: embeddingModel, dimensions }),
    answers: createGeminiAnswers({ ...gemini, model: answerModel }),
    check: geminiCheck({ ...gemini, answerModel, embeddingModel }),
  };
}

function closedGemini(settings: Settings) {
  return (failure: Failure): ReturnType<typeof openGemini> => ({
    embedder: closedEmbedder({
      failure,
      model: settings.GEMINI_EMBEDDING_MODEL,
      dimensions: defaults.dimensions,
    }),
    answers: closedAnswers({ failure, model: settings.GEMINI_MODEL }),
    check: closedCheck({ failure, service: 'gemini' }),
  });
}

function openQdrant(settings: Settings): Ports['store'] {
  const { QDRANT_URL: url = '', QDRANT_API_KEY: apiKey = null, QDRANT_COLLECTION: collection } = settings;
  return createQdrantStore({ url, apiKey, collection });
}

function closedQdrant({ QDRANT_COLLECTION: collection }: Settings) {
  return (failure: Failure): Ports['store'] => closedStore({ failure, collection });
}

function openPostgres({ DATABASE_URL: databaseUrl = '' }: Settings) {
  const turns = createPostgresStore({ databaseUrl });
  return { turns: turns as Ports['turns'], check: postgresCheck({ store: turns, databaseUrl }) };
}

function closedPostgres(failure: Failure): ReturnType<typeof openPostgres> {
  return { turns: closedTurns({ failure }), check: closedCheck({ failure, service: 'postgres' }) };
}
