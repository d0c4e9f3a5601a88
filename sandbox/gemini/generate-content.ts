import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteCall, RouteReply } from '../exchange/serve-routes.ts';
import { composeAnswer, piecesOf } from './compose-answer.ts';
import { composeEnrichment } from './compose-enrichment.ts';
import { invalidArgument, overloaded } from './errors.ts';
import { blockedChunk, answerChunk, type GeneratedAnswer } from './chunk.ts';
import { modelFor, versionOf } from './models.ts';
import { countBody, generateBody, parseBody, textOf, type GenerateBody } from './requests.ts';
import { checkThinking } from './thinking.ts';
import { countTokens } from './tokenise.ts';
import { countRequest, takeScript, type GeminiState } from './state.ts';

/** Long enough for the previous chunk to leave in a packet of its own, in milliseconds. */
const packetMs = 5;
/** Thinking tokens by requested level. */
const thinkingLevels: Readonly<Record<string, number>> = { MINIMAL: 0, LOW: 24, MEDIUM: 96, HIGH: 320 };

/** `:generateContent`: a whole answer. */
export async function generateContent(state: GeminiState, call: RouteCall): Promise<RouteReply> {
  const answer = prepareAnswer(state, { call, method: 'generateContent' });
  await sleep(answer.delayMs, undefined, { signal: call.signal }).catch(() => undefined);
  if (answer.ending === 'error-chunk' || answer.ending === 'raw-error-chunk') return overloaded().reply();
  if (answer.ending === 'cut') throw new Error('cut, as the script says');
  if (answer.ending === 'rubbish')
    return { text: '<html>not JSON</html>', headers: { 'content-type': 'text/html' }, faulted: true };
  if (answer.ending === 'hang') await hang(call.signal);
  const text = answer.pieces.join('');
  return { json: answerChunk(answer, { text, sent: text, last: true }) };
}

/** `:streamGenerateContent`: with `alt=sse` events framed by CRLF CRLF without `[DONE]`, otherwise one JSON array. */
export function streamGenerateContent(state: GeminiState, call: RouteCall): RouteReply {
  const answer = prepareAnswer(state, { call, method: 'generateContent' });
  const sse = call.query.get('alt') === 'sse';
  const type = sse ? 'text/event-stream' : 'application/json; charset=UTF-8';
  return {
    headers: { 'content-type': type, 'cache-control': 'private' },
    faulted: answer.ending === 'rubbish',
    stream: sse
      ? events(state, { answer, signal: call.signal })
      : jsonArray(state, { answer, signal: call.signal }),
  };
}

/** `:countTokens`, of contents or of a whole request. */
export function countTokensRequest(state: GeminiState, call: RouteCall): object {
  modelFor({ id: call.params['model'] ?? '', method: 'countTokens', retired: state.retired });
  const body = parseBody({ schema: countBody, kind: 'count' }, call.json);
  const request = body.generateContentRequest ?? { contents: body.contents };
  return { totalTokens: countTokens(promptOf(request)) };
}

function prepareAnswer(
  state: GeminiState,
  { call, method }: { call: RouteCall; method: string },
): GeneratedAnswer {
  const id = call.params['model'] ?? '';
  modelFor({ id, method, retired: state.retired });
  const body = parseBody({ schema: generateBody, kind: 'generate' }, call.json);
  if (body.contents.length === 0)
    throw invalidArgument('* GenerateContentRequest.contents: contents is not specified\n');
  countRequest(state, { metric: 'generate_content', model: id, requests: 1 });
  checkThinking(body.generationConfig?.thinkingConfig, id, { hasNone: state.noThinking.has(id) });
  const script = takeScript(state);
  const thoughts = thoughtsOf(state, body);
  const allPieces = script === null ? piecesOf(composeReply(body)) : [...script.pieces];
  const maxTokens = script?.unlimited === true ? undefined : body.generationConfig?.maxOutputTokens;
  const budget = (maxTokens ?? Number.POSITIVE_INFINITY) - thoughts;
  const { pieces, isCut } = limitPieces(allPieces, budget);
  return {
    pieces,
    delayMs: script?.delayMs ?? state.paceMs,
    ending: isCut ? 'max-tokens' : (script?.ending ?? 'stop'),
    thoughts,
    showThoughts: body.generationConfig?.thinkingConfig?.includeThoughts === true && thoughts > 0,
    promptTokens: countTokens(promptOf(body)),
    modelVersion: versionOf(id),
    responseId: randomBytes(16).toString('base64url'),
  };
}

/** Thinking counts against `maxOutputTokens`, so a small limit can leave no text at all. */
function limitPieces(pieces: string[], budget: number): { pieces: string[]; isCut: boolean } {
  const letters = Math.max(0, budget) * 4;
  const text = pieces.join('');
  if (text.length <= letters) return { pieces, isCut: false };
  const kept: string[] = [];
  let room = letters;
  for (const piece of pieces) {
    if (room <= 0) break;
    kept.push(piece.slice(0, room));
    room -= piece.length;
  }
  return { pieces: kept, isCut: true };
}

function thoughtsOf(state: GeminiState, body: GenerateBody): number {
  const config = body.generationConfig?.thinkingConfig;
  if (config?.thinkingBudget !== undefined && config.thinkingBudget >= 0) {
    return Math.min(config.thinkingBudget, thinkingLevels['HIGH'] ?? 0);
  }
  return thinkingLevels[config?.thinkingLevel ?? ''] ?? state.thinkingTokens;
}

async function* events(
  state: GeminiState,
  options: { answer: GeneratedAnswer; signal: AbortSignal },
): AsyncGenerator<string> {
  for await (const event of chunks(state, options)) {
    yield typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\r\n\r\n`;
  }
}

async function* jsonArray(
  state: GeminiState,
  options: { answer: GeneratedAnswer; signal: AbortSignal },
): AsyncGenerator<string> {
  let separator = '[';
  for await (const event of chunks(state, options)) {
    yield `${separator}${typeof event === 'string' ? event : JSON.stringify(event, null, 2)}`;
    separator = '\n,\r\n';
  }
  yield separator === '[' ? '[]' : '\n]';
}

/** The chunks of an answer; a string is sent unchanged. Stops when the client disconnects, which is counted. */
async function* chunks(
  state: GeminiState,
  { answer, signal }: { answer: GeneratedAnswer; signal: AbortSignal },
): AsyncGenerator<object | string> {
  let finished = false;
  let sent = '';
  state.streams.open += 1;
  try {
    if (answer.ending === 'blocked') {
      yield blockedChunk(answer);
      finished = true;
      return;
    }
    if (answer.showThoughts)
      yield answerChunk(answer, { text: 'Looking through the passages.', sent, thought: true });
    for (const [at, text] of answer.pieces.entries()) {
      await sleep(answer.delayMs, undefined, { signal });
      sent += text;
      const isLast = at === answer.pieces.length - 1 && answer.ending === 'stop';
      yield answerChunk(answer, { text, sent, last: isLast });
    }
    if (answer.ending !== 'stop' || answer.pieces.length === 0) {
      // In a packet of its own, as from the vendor: clients treat an error that arrives alone differently.
      await sleep(Math.max(answer.delayMs, packetMs), undefined, { signal });
      yield* ending(answer, { sent, signal });
    }
    finished = true;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    state.streams.open -= 1;
    state.streams[!finished && signal.aborted ? 'aborted' : 'finished'] += 1;
  }
}

async function* ending(
  answer: GeneratedAnswer,
  { sent, signal }: { sent: string; signal: AbortSignal },
): AsyncGenerator<object | string> {
  switch (answer.ending) {
    case 'error-chunk':
      yield overloaded().body();
      return;
    case 'raw-error-chunk':
      yield JSON.stringify(overloaded().body());
      return;
    case 'rubbish':
      yield 'data: {"candidates": [{"content": \r\n\r\n';
      return;
    case 'cut':
      throw new Error('cut, as the script says');
    case 'hang':
      await hang(signal);
      return;
    default:
      yield answerChunk(answer, { text: null, sent, last: true });
  }
}

function composeReply(body: GenerateBody): string {
  const text = lastUserText(body);
  const system = body.systemInstruction === undefined ? '' : textOf(body.systemInstruction);
  return composeEnrichment({ system, text }) ?? composeAnswer(text);
}

function lastUserText(body: GenerateBody): string {
  const turn = body.contents.findLast(({ role }) => role !== 'model');
  return turn === undefined ? '' : textOf(turn);
}

function promptOf(body: GenerateBody): string {
  const all =
    body.systemInstruction === undefined ? body.contents : [body.systemInstruction, ...body.contents];
  return all.map(textOf).join('\n');
}

const hang = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(new Error('the client left'));
    signal.addEventListener('abort', () => reject(new Error('the client left')), { once: true });
  });
