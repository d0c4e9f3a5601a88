import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { FinishReason, AnswerModel, AnswerChunk } from '../../chat/ports.ts';
import type { ModelPrompt } from '../../chat/prompt.ts';
import { Failure } from '../../failure.ts';
import { bareModel } from '../../collection/embedding.ts';
import { geminiFailure, geminiUnreachable, readGeminiError } from './gemini-failure.ts';
import { readBody, type KeepAliveAgent } from '../keep-alive-agent.ts';
import { createSseReader } from '../sse-reader.ts';

const responseChunk = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        content: z
          .looseObject({
            parts: z
              .array(z.looseObject({ text: z.string().optional(), thought: z.boolean().optional() }))
              .default([]),
          })
          .optional(),
        finishReason: z.string().optional(),
      }),
    )
    .default([]),
  promptFeedback: z.looseObject({ blockReason: z.string().optional() }).optional(),
});

/** Thinking counts against the limit, so a small one ends with no text at all. */
const maxOutputTokens = 4096;

/** The least thinking each generation of models takes; it would cost seconds of silence (Google's thinking guide). */
function minimalThinking(model: string): Record<string, unknown> {
  if (/^gemini-(?:1|2\.0)/.test(model)) return {};
  if (model.startsWith('gemini-2.5-pro')) return {};
  const least = model.startsWith('gemini-2.5') ? { thinkingBudget: 0 } : { thinkingLevel: 'LOW' };
  return { thinkingConfig: least };
}

/**
 * Gemini's answers, streamed by our own client on node:http(s). An error chunk inside a 200 stream and a stream
 * that ends without a finish reason throw a Failure; leaving the loop destroys the upstream socket at once.
 */
export function createGeminiAnswers({
  apiKey,
  baseUrl,
  model,
  keepAlive,
}: {
  apiKey: string;
  baseUrl: string;
  model: string;
  keepAlive: KeepAliveAgent;
}): AnswerModel {
  const name = bareModel(model);
  const url = `${baseUrl.replace(/\/+$/, '')}/v1beta/models/${encodeURIComponent(name)}:streamGenerateContent?alt=sse`;
  let thinking = minimalThinking(name);

  async function open(prompt: ModelPrompt, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await keepAlive.open({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'x-goog-api-key': apiKey,
        },
        body: bodyOf(prompt, thinking),
        signal,
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw geminiUnreachable(cause);
    }
  }

  async function request(prompt: ModelPrompt, signal: AbortSignal): Promise<IncomingMessage> {
    const message = await open(prompt, signal);
    const status = message.statusCode ?? 502;
    if (status === 200) return message;
    const error = readGeminiError(status, await readBody(message).catch(() => ''));
    if (status === 400 && /thinking/i.test(error.message) && Object.keys(thinking).length > 0) {
      thinking = {};
      return request(prompt, signal);
    }
    throw geminiFailure(error, { model: name });
  }

  return {
    model: name,
    stream({ prompt, signal }) {
      const opening = request(prompt, signal);
      // Whoever reads is told of a failure; nobody may read.
      opening.catch(() => undefined);
      return streamChunks({ opening, signal, model: name });
    },
  };
}

/** Knows nothing of the prompt: a thousand answers under way would hold a thousand of them. */
async function* streamChunks({
  opening,
  signal,
  model,
}: {
  opening: Promise<IncomingMessage>;
  signal: AbortSignal;
  model: string;
}): AsyncGenerator<AnswerChunk> {
  const message = await opening;
  const reader = createSseReader();
  const said: StreamState = { end: null };
  try {
    for await (const bytes of message as AsyncIterable<Buffer>)
      yield* chunksOf(reader.push(bytes), { said, model });
    yield* chunksOf(reader.end(), { said, model });
    if (said.end === null) throw geminiUnreachable(new Error('the stream ended without a finish reason'));
    yield { type: 'end', reason: said.end };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Failure ? error : geminiUnreachable(error);
  } finally {
    if (!message.complete) message.destroy();
  }
}

function bodyOf(prompt: ModelPrompt, thinking: Record<string, unknown>): string {
  return JSON.stringify({
    systemInstruction: { parts: [{ text: prompt.system }] },
    contents: prompt.contents.map(({ role, text }) => ({ role, parts: [{ text }] })),
    generationConfig: { maxOutputTokens, ...thinking },
  });
}

/** The last finish reason that an event named. */
type StreamState = { end: FinishReason | null };

function* chunksOf(
  events: readonly string[],
  { said, model }: { said: StreamState; model: string },
): Generator<AnswerChunk> {
  for (const event of events) {
    const { text, reason } = parseChunk(event, model);
    if (text !== '') yield { type: 'text', text };
    said.end = reason ?? said.end;
  }
}

function parseChunk(event: string, model: string): { text: string; reason: FinishReason | null } {
  if (/^\s*\[?\s*\{\s*"error"/.test(event)) throw geminiFailure(readGeminiError(500, event), { model });
  const parsed = responseChunk.safeParse(JSON.parse(event));
  if (!parsed.success) throw geminiUnreachable(parsed.error);
  if (parsed.data.promptFeedback?.blockReason !== undefined) return { text: '', reason: 'blocked' };
  const candidate = parsed.data.candidates[0];
  const text = (candidate?.content?.parts ?? [])
    .flatMap((part) => (part.thought === true || part.text === undefined ? [] : [part.text]))
    .join('');
  return { text, reason: finishReasonOf(candidate?.finishReason) };
}

function finishReasonOf(finishReason: string | undefined): FinishReason | null {
  if (finishReason === undefined || finishReason === 'FINISH_REASON_UNSPECIFIED') return null;
  if (finishReason === 'STOP') return 'complete';
  return finishReason === 'MAX_TOKENS' ? 'length' : 'blocked';
}
