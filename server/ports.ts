import { createGeminiAnswers } from './adapters/gemini/gemini-answers.ts';
import { geminiCheck } from './adapters/gemini/gemini-check.ts';
import { createGeminiEmbedder } from './adapters/gemini/gemini-embedder.ts';
import { createKeepAliveAgent } from './adapters/keep-alive-agent.ts';
import { postgresCheck } from './adapters/postgres/postgres-check.ts';
import { createPostgresStore } from './adapters/postgres/postgres-store.ts';
import { createQdrantStore } from './adapters/qdrant/qdrant-store.ts';
import {
  unavailableAnswers,
  unavailableCheck,
  unavailableConversations,
  unavailableEmbedder,
  unavailablePassages,
} from './adapters/unavailable-adapters.ts';
import type { FunctionUsageStore } from './chat/budget/allotment.ts';
import type { Ports } from './app.ts';
import type { ServiceCheck } from './chat/service-check.ts';
import { defaults, serverNameOf, type InvalidSetting, type ServerSettings } from './contract.ts';
import { ServerFailure } from './failure.ts';
import { blockingSetting, invalidSettingFailure } from './invalid-settings.ts';

type GeminiPorts = Pick<Ports, 'embedder' | 'answerModel' | 'smallerModel'> & { check: ServiceCheck };
type PostgresPorts = Pick<Ports, 'conversationStore'> & {
  functionUsage: FunctionUsageStore;
  check: ServiceCheck;
};

/** What the app needs, and the count of what a function has used. */
export type ServerPorts = Ports & Pick<PostgresPorts, 'functionUsage'>;

/**
 * The adapters for these settings, with one keep-alive agent per vendor. Opens no connection: each port connects with
 * its first call. A vendor whose settings are invalid gets an adapter that fails every call and says why.
 */
export function portsFor(
  settings: ServerSettings,
  { invalid, readBundledBook }: { invalid: readonly InvalidSetting[] } & Pick<Ports, 'readBundledBook'>,
): ServerPorts {
  const gemini = openOrFallback(
    blockingSetting('gemini', invalid),
    () => openGemini(settings),
    unavailableGemini(settings),
  );
  const passageStore = openOrFallback(
    blockingSetting('qdrant', invalid),
    () => openQdrant(settings),
    unavailableQdrant(settings),
  );
  const postgres = openOrFallback(
    blockingSetting('postgres', invalid),
    () => openPostgres(settings),
    unavailablePostgres,
  );
  return {
    embedder: gemini.embedder,
    answerModel: gemini.answerModel,
    smallerModel: gemini.smallerModel ?? null,
    passageStore,
    conversationStore: postgres.conversationStore,
    functionUsage: postgres.functionUsage,
    checks: [postgres.check, gemini.check],
    readBundledBook,
  };
}

/** The result of `open`, or `fallback` where a setting is invalid or `open` throws a ServerFailure. */
function openOrFallback<T>(
  failure: ServerFailure | null,
  open: () => T,
  fallback: (failure: ServerFailure) => T,
): T {
  if (failure !== null) return fallback(failure);
  try {
    return open();
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    return fallback(error);
  }
}

function openGemini(settings: ServerSettings): GeminiPorts {
  const { GEMINI_API_KEY: apiKey = '', GOOGLE_GEMINI_BASE_URL: baseUrl } = settings;
  if (!URL.canParse(baseUrl))
    throw invalidSettingFailure({ name: 'GOOGLE_GEMINI_BASE_URL', isMissing: false });
  const gemini = { apiKey, baseUrl, agent: createKeepAliveAgent({ origin: baseUrl }) };
  const [answerModel, embeddingModel] = [settings.GEMINI_MODEL, settings.GEMINI_EMBEDDING_MODEL];
  const smallerModel = settings.CHAT_SMALLER_MODEL;
  const { dimensions } = defaults;
  return {
    embedder: createGeminiEmbedder({ ...gemini, model: embeddingModel, dimensions }),
    answerModel: createGeminiAnswers({ ...gemini, model: answerModel }),
    smallerModel:
      smallerModel === answerModel ? null : createGeminiAnswers({ ...gemini, model: smallerModel }),
    check: geminiCheck({ ...gemini, answerModel, embeddingModel }),
  };
}

function unavailableGemini(settings: ServerSettings): (failure: ServerFailure) => GeminiPorts {
  const { GEMINI_MODEL: answerModel, GEMINI_EMBEDDING_MODEL: embeddingModel } = settings;
  const { dimensions } = defaults;
  return (failure) => ({
    embedder: unavailableEmbedder({ failure, model: embeddingModel, dimensions }),
    answerModel: unavailableAnswers({ failure, model: answerModel }),
    check: unavailableCheck({ failure, service: 'gemini' }),
  });
}

function openQdrant(settings: ServerSettings): Ports['passageStore'] {
  const { QDRANT_URL: url = '', QDRANT_API_KEY: apiKey = null, QDRANT_COLLECTION: collection } = settings;
  return createQdrantStore({ url, apiKey, collection });
}

function unavailableQdrant({
  QDRANT_COLLECTION: collection,
}: ServerSettings): (failure: ServerFailure) => Ports['passageStore'] {
  return (failure) => unavailablePassages({ failure, collection });
}

function openPostgres(settings: ServerSettings): PostgresPorts {
  const { DATABASE_URL: databaseUrl = '' } = settings;
  const store = createPostgresStore({ databaseUrl, deployment: serverNameOf(settings) });
  return { conversationStore: store, functionUsage: store, check: postgresCheck({ store, databaseUrl }) };
}

function unavailablePostgres(failure: ServerFailure): PostgresPorts {
  return {
    conversationStore: unavailableConversations({ failure }),
    functionUsage: { addFunctionUsage: () => Promise.reject(failure) },
    check: unavailableCheck({ failure, service: 'postgres' }),
  };
}
