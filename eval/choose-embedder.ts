import { createGeminiEmbedder } from '../server/adapters/gemini/gemini-embedder.ts';
import { defaults } from '../server/contract.ts';
import type { Embedder } from '../server/collection/ports.ts';
import { openSandboxModel } from './open-sandbox-model.ts';
import { openSmallModel } from './open-small-model.ts';
import { hasRealisticModel, openRealisticModel } from './realistic-model/open-realistic-model.ts';

/** The models that can be asked for by name; `none` scores words alone. */
export const modelNames = ['gemini', 'realistic', 'small', 'sandbox', 'none'] as const;
export type ModelName = (typeof modelNames)[number];

export type EmbedderChoice = {
  embedder: Embedder | null;
  model: ModelName;
  note: string;
};

type Environment = { [name: string]: string | undefined };

/**
 * The model asked for. Without a name: Gemini with a key, else the realistic model where it was fetched, else the small
 * one. Throws an Error when the one asked for cannot be had.
 */
export async function chooseEmbedder(
  environment: Environment,
  name: ModelName | undefined,
): Promise<EmbedderChoice> {
  const model = name ?? usualModel(environment);
  try {
    return { embedder: await open(model, environment), model, note: notes[model] };
  } catch (error) {
    if (name !== undefined) throw error;
    const note = 'The packages @energetic-ai/* are not installed: only lexical search is scored.';
    return { embedder: null, model: 'none', note };
  }
}

const noKey = 'No GEMINI_API_KEY: the dense retriever uses';
const notes: Record<ModelName, string> = {
  gemini: '',
  realistic: `${noKey} all-MiniLM-L6-v2, a model of common quality; Gemini’s may be better.`,
  small: `${noKey} a small English model, which says nothing about Gemini’s. A realistic one: npm run eval -- --fetch`,
  sandbox: 'The sandbox’s vectors know words only: they show what fusion does with such a model.',
  none: 'Only lexical search is scored.',
};

function usualModel(environment: Environment): ModelName {
  if (geminiOptions(environment) !== null) return 'gemini';
  return hasRealisticModel() ? 'realistic' : 'small';
}

async function open(model: ModelName, environment: Environment): Promise<Embedder | null> {
  if (model === 'none') return null;
  if (model === 'small') return openSmallModel();
  if (model === 'sandbox') return openSandboxModel();
  if (model === 'realistic') {
    if (!hasRealisticModel()) throw new Error('The realistic model is not here: npm run eval -- --fetch');
    return openRealisticModel();
  }
  const options = geminiOptions(environment);
  if (options === null) throw new Error('The model gemini needs GEMINI_API_KEY and Google’s address.');
  return createGeminiEmbedder(options);
}

/** The options of Gemini's adapters. Null without a key. The sandbox's Gemini stand-in is never taken for Gemini: its vectors mean little. */
export function geminiOptions(environment: Environment): Parameters<typeof createGeminiEmbedder>[0] | null {
  const apiKey = environment['GEMINI_API_KEY'] ?? '';
  const baseUrl = environment['GOOGLE_GEMINI_BASE_URL'] ?? defaults.geminiBaseUrl;
  if (apiKey === '' || /^(?:127\.|localhost$|\[::1\]$)/.test(new URL(baseUrl).hostname)) return null;
  const model = environment['GEMINI_EMBEDDING_MODEL'] ?? defaults.embeddingModel;
  return { apiKey, baseUrl, model, dimensions: defaults.dimensions };
}
