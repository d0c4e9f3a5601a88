import { randomUUID } from 'node:crypto';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { oneLine } from '../../clients/redact.ts';
import { isAboutSelection, type BodyField, type ChatContract } from '../../model/chat-contract.ts';
import { Failure } from '../../model/failure.ts';
import { notWired } from './is-wired.ts';
import { originNotAllowed } from './origin-checks.ts';
import { readReply, type ClientReading, type ReplySource } from './read-reply.ts';
import { linksOf } from './source-links.ts';

/** Where and how a page asks. */
export type RequestOfPage = {
  /** Absolute. */
  url: string;
  /** Origin of the page. */
  origin: string;
  contract: ChatContract;
};

/** `cited` are the addresses of the sources that the text cites, or their names; `links` those of all its sources. */
export type CitedAnswer = {
  question: string;
  text: string;
  cited: readonly string[];
  links: readonly string[];
};

/**
 * Asks a question as the page's code does, with the page's Origin, and reads the reply as that code reads it.
 *
 * @throws Failure `frontend-not-wired` (by the page's own origin), `answer-failed`, `origin-not-allowed`, `answer-unreadable`, `answer-not-streamed` or `answer-uncited`.
 */
export async function askAsPage({
  request: { url, origin, contract },
  question,
  http,
  signal,
}: {
  request: RequestOfPage;
  question: string;
  http: Http;
  signal: AbortSignal;
}): Promise<CitedAnswer> {
  const reply = await send({ url, origin, contract }, { question, http, signal });
  // A page needs no permission to ask its own origin.
  if (new URL(url).origin !== origin) assertReadable(reply.headers, { origin, contract });
  const contentType = reply.headers.get('content-type') ?? '';
  if (/text\/html/.test(contentType) && new URL(url).origin === origin) throw notForwarded(url);
  const answer = await readReply({ text: reply.text, contentType }, contract.reply);
  if (answer.type === 'refused') throw answerFailed(answer.reason);
  if (answer.type === 'unreadable') {
    const isMissingStream = contract.reply.type === 'stream' && !contentType.startsWith('text/event-stream');
    throw unreadable({
      url,
      reason: answer.reason,
      code: isMissingStream ? notStreamed : 'answer-unreadable',
    });
  }
  const isPlainText = contract.reply.type === 'stream' && contract.reply.form === 'text';
  const cited = citedIn(answer, isPlainText);
  if (cited.length === 0) throw uncited({ question, text: answer.text });
  return { question, text: answer.text, cited, links: linksOf(answer.sources, { contract, page: origin }) };
}

type Asking = { question: string; http: Http; signal: AbortSignal };

async function send(
  { url, origin, contract }: RequestOfPage,
  { question, http, signal }: Asking,
): Promise<{ text: string; headers: Headers }> {
  let headers = new Headers();
  const sent = Object.entries(contract.headers).flatMap(([name, value]): [string, string][] =>
    value === null || /^(?:content-type|content-length|host|origin)$/.test(name) ? [] : [[name, value]],
  );
  const chunks = http.stream({
    service: 'huggingface',
    what: 'asking the server a question',
    method: contract.method === 'PUT' || contract.method === 'PATCH' ? contract.method : 'POST',
    url,
    headers: { accept: '*/*', ...Object.fromEntries(sent), origin },
    json: bodyFor(contract.body, question),
    signal,
    timeoutMs: 60_000,
    onHead: (head) => {
      ({ headers } = head);
    },
  });
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const isOwn = new URL(url).origin === origin;
    // A site without a rule for that path has no page there, or none that takes a POST.
    throw isOwn && [404, 405].includes(error.status ?? 0) ? notForwarded(url) : answerFailed(error.message);
  }
  return { text: text + decoder.decode(), headers };
}

/** The keys that the page sends, for a first question without a selected text. */
function bodyFor(fields: readonly BodyField[], question: string): Record<string, unknown> {
  const sent = fields.filter((field) => field.role !== 'constant' || !isAboutSelection(field));
  return Object.fromEntries(sent.map((field) => [field.key, valueOf(field, question)]));
}

function valueOf({ key, role, value }: BodyField, question: string): unknown {
  switch (role) {
    case 'question':
      return key === 'messages' ? [{ role: 'user', content: question }] : question;
    case 'session':
      // A conversation is the server's to name.
      return /conversation|thread/i.test(key) ? null : randomUUID();
    case 'history':
      return [];
    case 'selection':
      return null;
    case 'constant':
    case 'unknown':
      return value ?? null;
    default:
      return role satisfies never;
  }
}

function assertReadable(
  headers: Headers,
  { origin, contract }: { origin: string; contract: ChatContract },
): void {
  const allowed = headers.get('access-control-allow-origin');
  const needsCredentials = contract.credentials === 'include';
  const isAllowed = allowed === origin || (allowed === '*' && !needsCredentials);
  const mayHaveCredentials = headers.get('access-control-allow-credentials') === 'true';
  if (!isAllowed || (needsCredentials && !mayHaveCredentials)) throw originNotAllowed({ origin, allowed });
}

type CitingReading = Extract<ClientReading, { type: 'answer' }>;

/** What the markers in the text point to: a source that was retrieved but not cited proves nothing. */
function citedIn({ text, sources }: CitingReading, isPlainText: boolean): string[] {
  const numbers = [...text.matchAll(/\[Source (\d+)\]/g)].map((marker) => Number(marker[1]));
  const marked = [...new Set(numbers)];
  // A client that reads plain text gets the markers alone.
  if (isPlainText) return marked.map((number) => `Source ${number}`);
  return marked.flatMap((number) => {
    const source = sources[number - 1];
    return source === undefined ? [] : [nameOf(source)];
  });
}

function nameOf(source: ReplySource): string {
  if (typeof source === 'string') return source;
  const { url, file, heading, title } = source;
  if (typeof url === 'string') return url;
  return [file, heading ?? title].filter((part) => typeof part === 'string').join(': ');
}

function answerFailed(reason: string): Failure {
  return new Failure({
    code: 'answer-failed',
    service: 'huggingface',
    message: `The server did not answer a question: ${reason}`,
    remedy: 'Wait a minute and run again; the server’s log says more.',
  });
}

function notForwarded(url: string): Failure {
  return notWired({
    reason: `its chat asks ${url} on its own origin, and the server does not answer there`,
    variable: '',
    hasSource: false,
    remedy: `Forward ${new URL(url).pathname} to the server by a rule in vercel.json: a run that is given the site’s folder shows it, and writes it with --write-frontend. Then push, and run again.`,
  });
}

const notStreamed = 'answer-not-streamed';

function unreadable({ url, reason, code }: { url: string; reason: string; code: string }): Failure {
  return new Failure({
    code,
    service: 'huggingface',
    message: `The page asks ${url}, and cannot show the answer: ${reason}.`,
    remedy:
      'Run again with --frontend DIR, the site’s folder: the server then answers in the form that its code reads. If vercel.json has rules, one may take the request before it reaches the server.',
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
