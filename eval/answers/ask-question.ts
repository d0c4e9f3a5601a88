import * as z from 'zod';
import type { EvalQuestion } from '../data-set/data-set.ts';

const source = z.object({ url: z.string(), supported: z.literal(false).optional() });

const event = z.object({
  type: z.string(),
  content: z.string().nullish(),
  sources: z.array(source).nullish(),
  rungs: z.array(z.string()).nullish(),
});

/** What a reader gets, as the server's stream says it. */
export type ReceivedAnswer = {
  text: string;
  /** Those that `[Source N]` in the text names come first, in the order of N. */
  sources: readonly z.infer<typeof source>[];
  /** How the answer came about, as in `metadata`. */
  strategies: readonly string[];
  hasFailed: boolean;
};

/** Asks a server one question as the widget does. Throws an Error when the reply is no stream of events. */
export async function askQuestion(
  url: string,
  { question, after }: Pick<EvalQuestion, 'question' | 'after'>,
): Promise<ReceivedAnswer> {
  const history =
    after === null
      ? []
      : [
          { role: 'user', content: after },
          { role: 'assistant', content: '…' },
        ];
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'cache-control': 'no-cache' },
    body: JSON.stringify({ message: question, mode: 'general', history, stream: true }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${body.slice(0, 200)}`);
  const events = Array.from(body.matchAll(/^data: (.*)$/gm), ([, json = '']) =>
    event.parse(JSON.parse(json)),
  );
  const done = events.findLast(({ type }) => type === 'done');
  if (done === undefined) throw new Error(`The stream of “${question}” has no end.`);
  return {
    text: events.map(({ type, content }) => (type === 'token' ? (content ?? '') : '')).join(''),
    sources: done.sources ?? [],
    strategies: events.flatMap(({ type, rungs }) => (type === 'metadata' ? (rungs ?? []) : [])),
    hasFailed: events.some(({ type }) => type === 'error'),
  };
}
