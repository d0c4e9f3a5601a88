import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseAnswerModel } from '../../../eval/answers/answer-models.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { startGemini } from '../../../sandbox/gemini/gemini.ts';
import type { AnswerModel } from '../../../server/chat/ports.ts';
import { composePrompt } from '../../../server/chat/prompt.ts';
import { sampleSections } from '../../server/sample-sections.ts';

const { signal } = new AbortController();

async function answerOf(model: AnswerModel, message: string, nonce: string): Promise<string> {
  const passages = sampleSections.map((section) => ({ section, similarity: null, score: 1 }));
  const prompt = composePrompt({ message, passages, selection: null, page: null, history: [], nonce });
  let text = '';
  for await (const chunk of model.stream({ prompt, signal })) if (chunk.type === 'text') text += chunk.text;
  return text;
}

it('replays a recorded model without a key, whatever the nonce, and names what a recording lacks', async () => {
  const gemini = await startGemini({ faults: new Faults(), record: new ExchangeRecord() });
  const dir = await mkdtemp(join(tmpdir(), 'recording-'));
  const file = join(dir, 'answers.json');
  const question = 'How far does a small lidar measure?';
  const environment = { GEMINI_API_KEY: gemini.apiKey, GOOGLE_GEMINI_BASE_URL: gemini.url };
  const recorder = await chooseAnswerModel(environment, file);
  const recorded = await answerOf(recorder.answerModel, question, '111111111111');
  await recorder.finish();
  await gemini.close();
  expect(recorded).toContain('twelve metres');

  const replay = await chooseAnswerModel({}, file);
  expect(await answerOf(replay.answerModel, question, '222222222222')).toBe(recorded);
  await replay.finish();
  await answerOf(replay.answerModel, 'Another question?', '333333333333');
  await expect(replay.finish()).rejects.toThrow('lacks the answers to 1 prompts');
  await rm(dir, { recursive: true });
});

it('says that the stand-in writes nothing of its own', async () => {
  const { answerModel, note } = await chooseAnswerModel({}, undefined);
  expect(note).toContain('the prompt’s own sentences');
  const text = await answerOf(answerModel, 'How far does a small lidar measure?', '111111111111');
  for (const sentence of text.split(/\s*\[Source \d+\]\s*/).filter(Boolean))
    expect(sampleSections.some(({ content }) => content.includes(sentence))).toBe(true);
});
