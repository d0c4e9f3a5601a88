import { expect, it } from 'vitest';
import { chooseEmbedder } from '../../eval/choose-embedder.ts';

it('is the server’s model with a key for Gemini', async () => {
  const environment = { GEMINI_API_KEY: 'x', GEMINI_EMBEDDING_MODEL: 'gemini-embedding-001' };
  const choice = await chooseEmbedder(environment, undefined);
  expect(choice).toMatchObject({ model: 'gemini', note: '' });
  expect(choice.embedder?.model).toBe('gemini-embedding-001');
});

it('never takes the sandbox’s stand-in for Gemini', async () => {
  const environment = { GEMINI_API_KEY: 'k', GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1' };
  expect((await chooseEmbedder(environment, 'small')).model).toBe('small');
  await expect(chooseEmbedder(environment, 'gemini')).rejects.toThrow('GEMINI_API_KEY');
});

it('scores words alone when asked for no model', async () => {
  expect(await chooseEmbedder({}, 'none')).toMatchObject({ embedder: null });
});
