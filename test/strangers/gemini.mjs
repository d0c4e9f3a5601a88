import assert from 'node:assert/strict';

const model = 'gemini-flash-latest';

/** `@google/genai`: keys, models, embeddings, answers, streams, and how they fail. */
export function geminiChecks({ ApiError, GoogleGenAI }, { env, world }) {
  const clientFor = (apiKey) =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: env.GOOGLE_GEMINI_BASE_URL } });
  const google = clientFor(env.GEMINI_API_KEY);
  const refusedWith = (status, words) => (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.status, status);
    assert.match(error.message, words);
    return true;
  };
  return [
    [
      'genai lists models page by page, and gets one',
      async () => {
        const names = [];
        for await (const listed of await google.models.list({ config: { pageSize: 3 } }))
          names.push(listed.name);
        assert.ok(names.length > 3 && names.includes('models/gemini-embedding-2'), names.join());
        const { inputTokenLimit } = await google.models.get({ model });
        assert.ok(inputTokenLimit > 1000);
      },
    ],
    [
      'genai embeds at the requested dimensions: one vector per text with 001, one for all texts with 2',
      async () => {
        const contents = ['wind speed', 'the anemometer measures the wind'];
        const lengths = async (model) => {
          const config = { outputDimensionality: 768 };
          const { embeddings } = await google.models.embedContent({ model, contents, config });
          return embeddings.map(({ values }) => values.length);
        };
        assert.deepEqual(await lengths('gemini-embedding-001'), [768, 768]);
        assert.deepEqual(await lengths('gemini-embedding-2'), [768]);
      },
    ],
    [
      'genai counts tokens and gets a whole answer with its usage',
      async () => {
        const contents = 'Hello';
        const { totalTokens } = await google.models.countTokens({ model, contents });
        assert.ok(totalTokens > 0);
        const response = await google.models.generateContent({
          model,
          contents,
          config: { maxOutputTokens: 500, thinkingConfig: { thinkingLevel: 'LOW' } },
        });
        assert.ok(response.text.length > 0);
        assert.equal(response.candidates[0].finishReason, 'STOP');
        assert.ok(response.usageMetadata.totalTokenCount > 0);
      },
    ],
    [
      'genai streams an answer in pieces',
      async () => {
        await world({ gemini: { script: { pieces: ['one ', 'two ', 'three'], times: 1 } } });
        const pieces = [];
        for await (const chunk of await google.models.generateContentStream({ model, contents: 'Count.' }))
          if (chunk.text) pieces.push(chunk.text);
        assert.deepEqual(pieces, ['one ', 'two ', 'three']);
      },
    ],
    [
      'genai can leave a stream',
      async () => {
        const pieces = Array.from({ length: 100 }, () => 'slowly ');
        await world({ gemini: { script: { pieces, delayMs: 50, times: 1 } } });
        const leaving = new AbortController();
        const config = { abortSignal: leaving.signal };
        const stream = await google.models.generateContentStream({ model, contents: 'Count.', config });
        await assert.rejects(async () => {
          for await (const _ of stream) leaving.abort();
        }, /abort/i);
        await world({ gemini: { script: null } });
      },
    ],
    [
      'genai reads a refused key (400), a model that is gone (404), a quota (429) and overload (503)',
      async () => {
        const ask = (client, name = model) =>
          client.models.generateContent({ model: name, contents: 'Hello' });
        await assert.rejects(ask(clientFor('AQ.nobody')), refusedWith(400, /API_KEY_INVALID/));
        await assert.rejects(ask(google, 'gemini-2.5-flash'), refusedWith(404, /no longer available/));
        await world({ gemini: { quota: { per: 'Day', left: 0, limit: 250 } } });
        await assert.rejects(ask(google), refusedWith(429, /PerDay/));
        await world({ gemini: { quota: null, overloaded: 1 } });
        await assert.rejects(ask(google), refusedWith(503, /UNAVAILABLE/));
        assert.ok((await ask(google)).text);
      },
    ],
  ];
}
