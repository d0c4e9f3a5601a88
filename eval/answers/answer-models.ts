import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { composeAnswer } from '../../sandbox/gemini/compose-answer.ts';
import { createGeminiAnswers } from '../../server/adapters/gemini/gemini-answers.ts';
import { createKeepAliveAgent } from '../../server/adapters/keep-alive-agent.ts';
import type { AnswerModel } from '../../server/chat/ports.ts';
import { refusalSentence, type ModelPrompt } from '../../server/chat/prompt.ts';
import { defaults } from '../../server/contract.ts';

export type ModelChoice = {
  answerModel: AnswerModel;
  /** What its answers are worth. */
  note: string;
  /** Keeps the answers of a real model, where a file was named. Throws an Error where a recording lacked some. */
  finish(): Promise<void>;
};

/**
 * Gemini with a key, whose answers `recording` keeps. Without one, the answers in `recording`; without that either, the
 * sandbox's model, which writes nothing of its own: it repeats the sentences of the prompt that share most words with the
 * question.
 */
export async function chooseAnswerModel(
  environment: { [name: string]: string | undefined },
  recording: string | undefined,
): Promise<ModelChoice> {
  const apiKey = environment['GEMINI_API_KEY'] ?? '';
  const model = environment['GEMINI_MODEL'] ?? defaults.answerModel;
  if (apiKey !== '') {
    const baseUrl = environment['GOOGLE_GEMINI_BASE_URL'] ?? defaults.geminiBaseUrl;
    return recorder(
      createGeminiAnswers({ apiKey, baseUrl, model, agent: createKeepAliveAgent({ origin: baseUrl }) }),
      recording,
    );
  }
  if (recording !== undefined) return replay(await answersIn(recording), recording);
  return {
    answerModel: answersFrom('sandbox', async ({ contents }) => composeAnswer(contents.at(-1)?.text ?? '')),
    note: 'No GEMINI_API_KEY: answers are the prompt’s own sentences, chosen by their words. Retrieval, gate and citations are measured, a model’s writing is not.',
    finish: async () => undefined,
  };
}

type RecordedAnswers = { [key: string]: string };

function recorder(model: AnswerModel, file: string | undefined): ModelChoice {
  const answers: RecordedAnswers = {};
  return {
    note: `Answers are written by ${model.model}.`,
    finish: async () => {
      if (file !== undefined) await writeFile(file, `${JSON.stringify(answers, null, 2)}\n`);
    },
    answerModel: {
      model: model.model,
      async *stream(request) {
        const key = keyOf(request.prompt);
        let text = '';
        for await (const chunk of model.stream(request)) {
          if (chunk.type === 'text') text += chunk.text;
          else answers[key] = text;
          yield chunk;
        }
      },
    },
  };
}

function replay(answers: RecordedAnswers, file: string): ModelChoice {
  let missing = 0;
  return {
    note: `Answers were recorded in ${file}.`,
    finish: async () => {
      if (missing > 0)
        throw new Error(`${file} lacks the answers to ${missing} prompts: record it again with a key.`);
    },
    answerModel: answersFrom('recorded', async (prompt) => {
      const text = answers[keyOf(prompt)];
      if (text === undefined) missing += 1;
      return text ?? refusalSentence;
    }),
  };
}

async function answersIn(file: string): Promise<RecordedAnswers> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw new Error(`The file ${file} could not be read.`);
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}

function answersFrom(model: string, answer: (prompt: ModelPrompt) => Promise<string>): AnswerModel {
  return {
    model,
    async *stream({ prompt }) {
      yield { type: 'text', text: await answer(prompt) };
      yield { type: 'end', reason: 'complete' };
    },
  };
}

/** The same prompt has another nonce each time. */
function keyOf({ system, contents }: ModelPrompt): string {
  const nonce = /<<<BOOK ([\w-]+)/.exec(system)?.[1] ?? '';
  const text = JSON.stringify([system, contents]).replaceAll(nonce, '');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
