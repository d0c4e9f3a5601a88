import assert from 'node:assert/strict';

const model = 'gemini-flash-latest';

/** `@google/genai`: keys, models, embeddings, answers, streams, and their errors. */
export function geminiChecks({ ApiError, GoogleGenAI }, { env, setControls }) {
  const clientFor = (apiKey) =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: env.GOOGLE_GEMINI_BASE_URL } });
  const google = clientFor(env.GEMINI_API_KEY);
  const isError = (status, pattern) => (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.status, status);
    assert.match(error.message, pattern);
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
      'genai embeds with the requested dimensions: one vector per text with gemini-embedding-001, one for all texts with 2',
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
      'genai counts tokens and gets a complete answer with its usage',
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
        await setControls({ gemini: { script: { pieces: ['one ', 'two ', 'three'], times: 1 } } });
        const pieces = [];
        for await (const chunk of await google.models.generateContentStream({ model, contents: 'Count.' }))
          if (chunk.text) pieces.push(chunk.text);
        assert.deepEqual(pieces, ['one ', 'two ', 'three']);
      },
    ],
    [
      'genai aborts a stream',
      async () => {
        const pieces = Array.from({ length: 100 }, () => 'slowly ');
        await setControls({ gemini: { script: { pieces, delayMs: 50, times: 1 } } });
        const controller = new AbortController();
        const config = { abortSignal: controller.signal };
        const stream = await google.models.generateContentStream({ model, contents: 'Count.', config });
        await assert.rejects(async () => {
          for await (const _ of stream) controller.abort();
        }, /abort/i);
        await setControls({ gemini: { script: null } });
      },
    ],
    [
      'genai reports a rejected key (400), a retired model (404), a used quota (429) and overload (503)',
      async () => {
        const ask = (client, name = model) =>
          client.models.generateContent({ model: name, contents: 'Hello' });
        await assert.rejects(ask(clientFor('AQ.unknown')), isError(400, /API_KEY_INVALID/));
        await assert.rejects(ask(google, 'gemini-2.5-flash'), isError(404, /no longer available/));
        await setControls({ gemini: { quota: { per: 'Day', left: 0, limit: 250 } } });
        await assert.rejects(ask(google), isError(429, /PerDay/));
        await setControls({ gemini: { quota: null, overloaded: 1 } });
        await assert.rejects(ask(google), isError(503, /UNAVAILABLE/));
        assert.ok((await ask(google)).text);
      },
    ],
  ];
}
