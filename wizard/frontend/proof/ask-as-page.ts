import { z } from 'zod';
import { readEventData } from '../../clients/event-stream.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { oneLine } from '../../clients/redact.ts';
import { Failure } from '../../model/failure.ts';
import { originNotAllowed } from './origin-checks.ts';

const sourceSchema = z.looseObject({ file: z.string(), heading: z.string(), url: z.string().nullish() });
type AnswerSource = z.infer<typeof sourceSchema>;

/** An event of the server's stream; other types are ignored. */
const eventSchema = z.looseObject({
  type: z.string(),
  content: z.string().nullish(),
  message: z.string().nullish(),
  sources: z.array(sourceSchema).nullish(),
});

/** `cited` are the URLs of the sources that the text cites, or their file and heading. */
export type CitedAnswer = { question: string; text: string; cited: readonly string[] };

/**
 * Asks a question as the page would: a POST with the page's Origin, and a streamed answer.
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
  const reply: StreamedReply = { text: '', cited: [], error: '' };
  try {
    for await (const data of readEventData(chunks)) addEvent(reply, data);
  } catch (error) {
    if (error instanceof HttpFailure) throw answerFailed(error.message);
    throw error;
  }
  if (reply.error !== '') throw answerFailed(reply.error);
  // A page needs no permission to ask its own origin.
  if (allowed !== origin && new URL(api).origin !== origin) throw originNotAllowed({ origin, allowed });
  if (!isStream) throw notStreamed();
  if (reply.text.trim() === '') throw answerFailed('the answer was empty');
  if (reply.cited.length === 0) throw uncited({ question, text: reply.text });
  return { question, text: reply.text, cited: reply.cited };
}

type StreamedReply = { text: string; cited: string[]; error: string };

function addEvent(reply: StreamedReply, data: string): void {
  const event = eventSchema.safeParse(parseJson(data));
  if (!event.success) return;
  const { type, content, message, sources } = event.data;
  if (type === 'token') reply.text += content ?? '';
  if (type === 'error') reply.error = oneLine(message ?? content ?? 'it gave no reason');
  if (type === 'done') reply.cited = citedIn(reply.text, sources ?? []);
}

/** What the markers in the text point to: a source that was retrieved but not cited proves nothing. */
function citedIn(text: string, sources: readonly AnswerSource[]): string[] {
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

function answerFailed(reason: string): Failure {
  return new Failure({
    code: 'answer-failed',
    service: 'huggingface',
    message: `The server did not answer a question: ${reason}`,
    remedy: 'Wait a minute and run again; the Space’s log says more.',
  });
}

function notStreamed(): Failure {
  return new Failure({
    code: 'answer-not-streamed',
    service: 'huggingface',
    message: 'The answer at /api/chat is not an event stream.',
    remedy: 'Look at vercel.json: the rule for /api must come before any rule that matches every path.',
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
