import { createGeminiEmbedder } from '../server/adapters/gemini/gemini-embedder.ts';
import { defaults } from '../server/contract.ts';
import type { Embedder } from '../server/collection/ports.ts';
import { openSmallModel } from './open-small-model.ts';

export type EmbedderChoice = {
  embedder: Embedder | null;
  name: string;
  /** The model that a server would use, so that weights found with it may be stored. */
  isServers: boolean;
  note: string;
};

type Environment = { [name: string]: string | undefined };

export const smallModelName = 'small model alone';

/** Gemini with a key, else the small model. The sandbox's Gemini is no model, so its vectors are never scored. */
export async function chooseEmbedder(environment: Environment): Promise<EmbedderChoice> {
  const apiKey = environment['GEMINI_API_KEY'] ?? '';
  const baseUrl = environment['GOOGLE_GEMINI_BASE_URL'] ?? defaults.geminiBaseUrl;
  if (apiKey !== '' && !isLoopback(baseUrl)) {
    const embedder = createGeminiEmbedder({
      apiKey,
      baseUrl,
      model: environment['GEMINI_EMBEDDING_MODEL'] ?? defaults.embeddingModel,
      dimensions: defaults.dimensions,
    });
    return { embedder, name: `${embedder.model} alone`, isServers: true, note: '' };
  }
  try {
    const embedder = await openSmallModel();
    const note =
      'No GEMINI_API_KEY: the dense leg is a small English model, which says nothing about Gemini’s.';
    return { embedder, name: smallModelName, isServers: false, note };
  } catch {
    return {
      embedder: null,
      name: '',
      isServers: false,
      note: 'The packages @energetic-ai/* are not installed: only the words are scored.',
    };
  }
}

function isLoopback(url: string): boolean {
  return /^(?:127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname);
}
