import {
  unavailableAnswers,
  unavailableCheck,
  unavailableEmbedder,
  unavailablePassages,
  unavailableConversations,
} from './adapters/unavailable-adapters.ts';
import { createGeminiAnswers } from './adapters/gemini/gemini-answers.ts';
import { geminiCheck } from './adapters/gemini/gemini-check.ts';
import { createGeminiEmbedder } from './adapters/gemini/gemini-embedder.ts';
import { createKeepAliveAgent } from './adapters/keep-alive-agent.ts';
import { postgresCheck } from './adapters/postgres/postgres-check.ts';
import { createPostgresStore } from './adapters/postgres/postgres-store.ts';
import { createQdrantStore } from './adapters/qdrant/qdrant-store.ts';
import type { Ports } from './app.ts';
import { defaults, type ServerSettings, type InvalidSetting } from './contract.ts';
import { Failure } from './failure.ts';
import { blockingSetting, invalidSettingFailure } from './invalid-settings.ts';

/**
 * The outside world as the settings describe it, over one agent of kept connections for each vendor. Opens none:
 * each port does with its first call. A vendor that the settings do not lead to is closed, and says why.
 */
export function portsFor(
  settings: ServerSettings,
  { unusable, readBundledBook }: { unusable: readonly InvalidSetting[] } & Pick<Ports, 'readBundledBook'>,
): Ports {
  const gemini = openOrFallback(
    blockingSetting('gemini', unusable),
    () => openGemini(settings),
    unavailableGemini(settings),
  );
  const qdrant = openOrFallback(
    blockingSetting('qdrant', unusable),
    () => openQdrant(settings),
    unavailableQdrant(settings),
  );
  const postgres = openOrFallback(
    blockingSetting('postgres', unusable),
    () => openPostgres(settings),
    unavailablePostgres,
  );
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
function openOrFallback<T>(why: Failure | null, open: () => T, closed: (failure: Failure) => T): T {
  if (why !== null) return closed(why);
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return closed(error);
  }
}

function openGemini(settings: ServerSettings) {
  const { GEMINI_API_KEY: apiKey = '', GOOGLE_GEMINI_BASE_URL: baseUrl } = settings;
  if (!URL.canParse(baseUrl))
    throw invalidSettingFailure({ name: 'GOOGLE_GEMINI_BASE_URL', isMissing: false });
  const gemini = { apiKey, baseUrl, keepAlive: createKeepAliveAgent({ origin: baseUrl }) };
  const [answerModel, embeddingModel] = [settings.GEMINI_MODEL, settings.GEMINI_EMBEDDING_MODEL];
  const { dimensions } = defaults;
  return {
    embedder: createGeminiEmbedder({ ...gemini, model: embeddingModel, dimensions }),
    answers: createGeminiAnswers({ ...gemini, model: answerModel }),
    check: geminiCheck({ ...gemini, answerModel, embeddingModel }),
  };
}

function unavailableGemini(settings: ServerSettings) {
  return (failure: Failure): ReturnType<typeof openGemini> => ({
    embedder: unavailableEmbedder({
      failure,
      model: settings.GEMINI_EMBEDDING_MODEL,
      dimensions: defaults.dimensions,
    }),
    answers: unavailableAnswers({ failure, model: settings.GEMINI_MODEL }),
    check: unavailableCheck({ failure, service: 'gemini' }),
  });
}

function openQdrant(settings: ServerSettings): Ports['store'] {
  const { QDRANT_URL: url = '', QDRANT_API_KEY: apiKey = null, QDRANT_COLLECTION: collection } = settings;
  return createQdrantStore({ url, apiKey, collection });
}

function unavailableQdrant({ QDRANT_COLLECTION: collection }: ServerSettings) {
  return (failure: Failure): Ports['store'] => unavailablePassages({ failure, collection });
}

function openPostgres({ DATABASE_URL: databaseUrl = '' }: ServerSettings) {
  const turns = createPostgresStore({ databaseUrl });
  return { turns: turns as Ports['turns'], check: postgresCheck({ store: turns, databaseUrl }) };
}

function unavailablePostgres(failure: Failure): ReturnType<typeof openPostgres> {
  return {
    turns: unavailableConversations({ failure }),
    check: unavailableCheck({ failure, service: 'postgres' }),
  };
}
