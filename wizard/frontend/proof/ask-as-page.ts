import { z } from 'zod';
import { readEventData } from '../../clients/event-stream.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { oneLine } from '../../clients/redact.ts';
import { Failure } from '../../model/failure.ts';
import { originNotAllowed } from './origin-checks.ts';

const source = z.looseObject({ file: z.string(), heading: z.string(), url: z.string().nullish() });
type Source = z.infer<typeof source>;

/** Events of the canonical stream; other types are allowed and left out. */
const chatEvent = z.looseObject({
  type: z.string(),
  content: z.string().nullish(),
  message: z.string().nullish(),
  sources: z.array(source).nullish(),
});

export type CitedAnswer = { question: string; text: string; cited: readonly string[] };

/**
 * Asks as the page would: a POST with its Origin, the answer streamed.
 *
 * @throws Failure `answer-failed`, `origin-not-allowed`, `answer-not-streamed` or `answer-uncited`.
 */
export async function askAsPage({
  api,
  origin,
  question,
  http,
  signal,
}: {
  /** Origin of the server. */
  api: string;
  /** Origin of the page. */
  origin: string;
  question: string;
  http: Http;
  signal: AbortSignal;
}): Promise<CitedAnswer> {
  let allowed: string | null = null;
  let isStream = false;
  const chunks = http.stream({
    service: 'huggingface',
    what: 'asking the server a question',
    method: 'POST',
    url: `${api}/api/chat`,
    headers: { origin, accept: 'text/event-stream' },
    json: { message: question, mode: 'general' },
    signal,
    timeoutMs: 60_000,
    onHead: ({ headers }) => {
      allowed = headers.get('access-control-allow-origin');
      isStream = (headers.get('content-type') ?? '').startsWith('text/event-stream');
    },
  });
  const answer: { text: string; cited: string[]; problem: string } = { text: '', cited: [], problem: '' };
  try {
    for await (const data of readEventData(chunks)) addEvent(answer, data);
  } catch (error) {
    if (error instanceof HttpFailure) throw answerFailed(error.message);
    throw error;
  }
  if (answer.problem !== '') throw answerFailed(answer.problem);
  // A page that asks its own origin needs no leave.
  if (allowed !== origin && new URL(api).origin !== origin) throw originNotAllowed({ origin, allowed });
  if (!isStream) throw notStreamed();
  if (answer.text.trim() === '') throw answerFailed('the answer was empty');
  if (answer.cited.length === 0) throw uncited({ question, text: answer.text });
  return { question, text: answer.text, cited: answer.cited };
}

function addEvent(answer: { text: string; cited: string[]; problem: string }, data: string): void {
  const event = chatEvent.safeParse(parseJson(data));
  if (!event.success) return;
  const { type, content, message, sources } = event.data;
  if (type === 'token') answer.text += content ?? '';
  if (type === 'error') answer.problem = oneLine(message ?? content ?? 'it gave no reason');
  if (type === 'done') answer.cited = citedIn(answer.text, sources ?? []);
}

/** What the text's markers point at: a source that was only read proves nothing. */
function citedIn(text: string, sources: readonly Source[]): string[] {
  const numbers = [...text.matchAll(/\[Source (\d+)\]/g)].map((marker) => Number(marker[1]));
  return [...new Set(numbers)].flatMap((number) => {
    const source = sources[number - 1];
    return source === undefined ? [] : [source.url ?? `${source.file}: ${source.heading}`];
  });
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

function answerFailed(why: string): Failure {
  return new Failure({
    code: 'answer-failed',
    service: 'huggingface',
    message: `The server did not answer a question: ${why}`,
    remedy: 'Wait a minute and run again; the Space’s log says more.',
  });
}

function notStreamed(): Failure {
  return new Failure({
    code: 'answer-not-streamed',
    service: 'huggingface',
    message: 'Asked at /api/chat, something answered that is no stream of events.',
    remedy: 'Look at vercel.json: the rule for /api must come before any rule that takes every path.',
  });
}

function uncited({ question, text }: { question: string; text: string }): Failure {
  return new Failure({
    code: 'answer-uncited',
    service: 'qdrant',
    message: `Asked “${question}”, the server cited nothing: ${oneLine(text)}`,
    remedy: 'Index the book again (run without --no-index), then run again.',
  });
}
