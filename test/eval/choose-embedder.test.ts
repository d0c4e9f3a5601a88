import { expect, it } from 'vitest';
import { chooseEmbedder } from '../../eval/choose-embedder.ts';

it('is the server’s model with a key for Gemini', async () => {
  const choice = await chooseEmbedder({
    GEMINI_API_KEY: 'x',
    GEMINI_EMBEDDING_MODEL: 'gemini-embedding-001',
  });
  expect(choice).toMatchObject({ name: 'gemini-embedding-001 alone', isServerModel: true, note: '' });
});

it('is never the sandbox’s stand-in', async () => {
  const choice = await chooseEmbedder({
    GEMINI_API_KEY: 'k',
    GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1',
  });
  expect(choice.isServerModel).toBe(false);
});
