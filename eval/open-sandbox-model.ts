import { embedText } from '../sandbox/gemini/embed-text.ts';
import { documentText, queryText } from '../server/collection/embedding.ts';
import type { Embedder } from '../server/collection/ports.ts';
import { defaults } from '../server/contract.ts';

/** The vectors of the sandbox's Gemini: hashed words. */
export async function openSandboxModel(): Promise<Embedder> {
  const { embeddingModel: model, dimensions } = defaults;
  const vectorOf = (text: string): number[] => embedText({ model, text, dimensions });
  return {
    model,
    dimensions,
    embedQuery: async ({ text }) => vectorOf(queryText({ model, question: text })),
    embedDocuments: async ({ documents }) =>
      documents.map(({ title, text }) => vectorOf(documentText({ model, title, content: text }))),
  };
}
