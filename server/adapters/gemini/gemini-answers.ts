import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { FinishReason, AnswerModel, AnswerChunk, TokenUsage } from '../../chat/ports.ts';
import type { ModelPrompt } from '../../chat/prompt.ts';
import { settleWithin } from '../../chat/resilience/deadline.ts';
import { ServerFailure } from '../../failure.ts';
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
  usageMetadata: z
    .looseObject({
      promptTokenCount: z.number().default(0),
      candidatesTokenCount: z.number().default(0),
      thoughtsTokenCount: z.number().default(0),
    })
    .optional(),
});

/** How long the end of the body is waited for after the finish reason, in milliseconds: its connection is used again. */
const endGraceMs = 100;
/** Thinking tokens count against this limit, so with a small one an answer may end without any text. */
const maxOutputTokens = 4096;
/** Twice as many as one for each token; a stream of more events is cut, as one that has no end would be. */
const maxEvents = 2 * maxOutputTokens;

/** The least thinking that each model generation accepts; more would delay the first token by seconds (Google's thinking guide). */
function minimalThinking(model: string): Record<string, unknown> {
  if (/^gemini-(?:1|2\.0)/.test(model)) return {};
  if (model.startsWith('gemini-2.5-pro')) return {};
  const thinkingConfig = model.startsWith('gemini-2.5') ? { thinkingBudget: 0 } : { thinkingLevel: 'LOW' };
  return { thinkingConfig };
}

/**
 * Streams Gemini's answers over our own HTTP client. Throws a ServerFailure for an error inside a 200 stream and for a stream
 * that ends without a finish reason. Leaving the loop destroys the upstream connection at once.
 */
export function createGeminiAnswers({
  apiKey,
  baseUrl,
  model,
  agent,
}: {
  apiKey: string;
  baseUrl: string;
  model: string;
  agent: KeepAliveAgent;
}): AnswerModel {
  const name = bareModel(model);
  const url = `${baseUrl.replace(/\/+$/, '')}/v1beta/models/${encodeURIComponent(name)}:streamGenerateContent?alt=sse`;
  let thinking = minimalThinking(name);

  async function open(prompt: ModelPrompt, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await agent.open({
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
    stream({ prompt, signal, onUsage = () => undefined }) {
      const opening = request(prompt, signal);
      // The reader gets the rejection; without this, a stream that is never read would raise an unhandled one.
      opening.catch(() => undefined);
      return streamChunks({ opening, signal, model: name, onUsage });
    },
  };
}

/** Must not reference the prompt: a thousand open streams would keep a thousand prompts in memory. */
async function* streamChunks({
  opening,
  signal,
  model,
  onUsage,
}: {
  opening: Promise<IncomingMessage>;
  signal: AbortSignal;
  model: string;
  onUsage: (usage: TokenUsage) => void;
}): AsyncGenerator<AnswerChunk> {
  const message = await opening;
  const reader = createSseReader();
  const state: StreamState = { finishReason: null, events: 0 };
  const body = (message as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (let bytes = await nextOf(body, state); bytes !== null; bytes = await nextOf(body, state)) {
      yield* chunksOf(reader.push(bytes), { state, model, onUsage });
      if (state.events >= maxEvents) break;
    }
    if (state.events >= maxEvents) state.finishReason ??= 'length';
    if (state.finishReason === null) yield* chunksOf(reader.end(), { state, model, onUsage });
    if (state.finishReason === null)
      throw geminiUnreachable(new Error('the stream ended without a finish reason'));
    yield { type: 'end', reason: state.finishReason };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ServerFailure ? error : geminiUnreachable(error);
  } finally {
    message.destroy();
    void body.return?.().catch(() => undefined);
  }
}

/** The body's next bytes; null at its end. After the finish reason it is waited for briefly, and its breaking off is no error. */
async function nextOf(body: AsyncIterator<Buffer>, { finishReason }: StreamState): Promise<Buffer | null> {
  const reading = body.next();
  const next = await (finishReason === null
    ? reading
    : settleWithin({ ms: endGraceMs }, reading).catch(() => null));
  return next === null || next.done === true ? null : next.value;
}

function bodyOf(prompt: ModelPrompt, thinking: Record<string, unknown>): string {
  return JSON.stringify({
    systemInstruction: { parts: [{ text: prompt.system }] },
    contents: prompt.contents.map(({ role, text }) => ({ role, parts: [{ text }] })),
    generationConfig: { maxOutputTokens, ...thinking },
  });
}

/** The last finish reason in the stream so far, and the number of events. */
type StreamState = { finishReason: FinishReason | null; events: number };

function* chunksOf(
  events: readonly string[],
  { state, model, onUsage }: { state: StreamState; model: string; onUsage: (usage: TokenUsage) => void },
): Generator<AnswerChunk> {
  for (const event of events) {
    state.events += 1;
    const { text, reason, usage } = parseChunk(event, model);
    if (usage !== undefined) onUsage(usage);
    if (text !== '') yield { type: 'text', text };
    state.finishReason = reason ?? state.finishReason;
  }
}

function parseChunk(
  event: string,
  model: string,
): { text: string; reason: FinishReason | null; usage?: TokenUsage } {
  if (/^\s*\[?\s*\{\s*"error"/.test(event)) throw geminiFailure(readGeminiError(500, event), { model });
  const parsed = responseChunk.safeParse(JSON.parse(event));
  if (!parsed.success) throw geminiUnreachable(parsed.error);
  const blockReason = parsed.data.promptFeedback?.blockReason;
  if (blockReason !== undefined) return { text: '', reason: blockReason === 'OTHER' ? 'other' : 'blocked' };
  const candidate = parsed.data.candidates[0];
  const text = (candidate?.content?.parts ?? [])
    .flatMap((part) => (part.thought === true || part.text === undefined ? [] : [part.text]))
    .join('');
  return { text, reason: finishReasonOf(candidate?.finishReason), ...usageOf(parsed.data) };
}

/** Thinking is paid for like the answer's text (Google's pricing page). */
function usageOf({ usageMetadata: usage }: z.output<typeof responseChunk>): { usage?: TokenUsage } {
  if (usage === undefined) return {};
  const outputTokens = usage.candidatesTokenCount + usage.thoughtsTokenCount;
  return { usage: { inputTokens: usage.promptTokenCount, outputTokens } };
}

function finishReasonOf(finishReason: string | undefined): FinishReason | null {
  if (finishReason === undefined || finishReason === 'FINISH_REASON_UNSPECIFIED') return null;
  return finishReasons[finishReason] ?? 'other';
}

/** Google's reasons (its API reference, FinishReason); one that is not here is new, and says nothing of safety. */
const finishReasons: Partial<Record<string, FinishReason>> = {
  STOP: 'complete',
  MAX_TOKENS: 'length',
  RECITATION: 'recitation',
  SAFETY: 'blocked',
  BLOCKLIST: 'blocked',
  PROHIBITED_CONTENT: 'blocked',
  SPII: 'blocked',
};
