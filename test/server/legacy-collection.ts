import { expect } from 'vitest';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import type { Vendors } from './vendors.ts';

export type LegacyPayload = { file_path: string; heading_path: readonly string[]; content: string };

/** A collection as the `ingest.py` of the FastAPI server writes it: an unnamed vector, no stamp, bare text embedded. */
export async function writeLegacyCollection(
  { gemini, qdrant }: Pick<Vendors, 'gemini' | 'qdrant'>,
  { collection, model, payloads }: { collection: string; model: string; payloads: readonly LegacyPayload[] },
): Promise<void> {
  const headers = { 'api-key': qdrant.apiKey, 'content-type': 'application/json' };
  const put = (path: string, body: unknown) =>
    fetch(`${qdrant.url}/collections/${collection}${path}`, {
      method: 'PUT',
      headers,
      body: JSON.stringify(body),
    });
  await put('', { vectors: { size: 768, distance: 'Cosine' } });
  const embedder = createGeminiEmbedder({
    apiKey: gemini.apiKey,
    baseUrl: gemini.url,
    model,
    dimensions: 768,
  });
  const documents = payloads.map(({ content }) => ({ title: '', text: content }));
  const { signal } = new AbortController();
  const vectors = await embedder.embedDocuments({ documents, signal });
  const points = payloads.map((payload, index) => ({ id: index + 1, vector: vectors[index], payload }));
  expect((await put('/points?wait=true', { points })).ok).toBe(true);
}
