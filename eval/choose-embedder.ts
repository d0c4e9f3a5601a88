import { createGeminiEmbedder } from '../server/adapters/gemini/gemini-embedder.ts';
import { defaults } from '../server/contract.ts';
import type { Embedder } from '../server/collection/ports.ts';
import { openSmallModel } from './open-small-model.ts';

export type EmbedderChoice = {
  embedder: Embedder | null;
  name: string;
  /** Whether a server would use this model too, so that weights calibrated with it may be stored. */
  isServerModel: boolean;
  note: string;
};

type Environment = { [name: string]: string | undefined };

/** Name of the small model's row. */
export const smallModelName = 'small model alone';

/** Gemini with a key, else the small model. The sandbox's Gemini stand-in is never scored: its vectors mean nothing. */
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
    return { embedder, name: `${embedder.model} alone`, isServerModel: true, note: '' };
  }
  try {
    const embedder = await openSmallModel();
    const note =
      'No GEMINI_API_KEY: the dense retriever uses a small English model, which says nothing about Gemini’s.';
    return { embedder, name: smallModelName, isServerModel: false, note };
  } catch {
    return {
      embedder: null,
      name: '',
      isServerModel: false,
      note: 'The packages @energetic-ai/* are not installed: only lexical search is scored.',
    };
  }
}

function isLoopback(url: string): boolean {
  return /^(?:127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname);
}
