import type { ChatTexts } from './texts.ts';
import type { CitedSource } from './conversation.ts';
import { fill } from './elements.ts';
import { solveChallenge } from './solve-challenge.ts';

/** An event of the stream; docs/chat-api.md has them all. */
export type AnswerEvent = {
  type: 'metadata' | 'token' | 'error' | 'done';
  content: string | null;
  sources: CitedSource[] | null;
  conversation_id: string | null;
  rungs?: string[];
  nearest?: CitedSource[];
  message_id?: string | null;
};

/** The page that the reader is on. */
export type PageOfReader = { title: string; path: string };

export type ServerQuestion = {
  message: string;
  selection: string | null;
  conversationId: string | null;
  page: PageOfReader | null;
  /** Another answer than the one that the server keeps. */
  isFresh: boolean;
};

/** A failure in words for the reader. */
export class AskFailure extends Error {}

const solutionHeader = 'x-proof-solution';
const liveIntervalMs = 2_000;
const longestWakeMs = 90_000;
/** How often a question is sent again to a server that answers health but not the question. */
const maxResends = 2;

/** Makes a question that is sent twice one turn. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends a question and returns the events of its answer. A server that sleeps is waited for; `onWaking` shows it.
 *
 * @throws AskFailure where there is no answer.
 */
export async function* askServer(
  server: string,
  question: ServerQuestion,
  { texts, signal, onWaking }: { texts: ChatTexts; signal: AbortSignal; onWaking: () => void },
): AsyncGenerator<AnswerEvent> {
  const { message, selection, conversationId, page, isFresh } = question;
  const body = JSON.stringify({
    message,
    mode: selection === null ? 'general' : 'selection',
    context: selection,
    conversation_id: conversationId,
    page: page && (page.title || page.path),
    page_url: page?.path,
  });
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    'idempotency-key': randomKey(),
    ...(isFresh ? { 'cache-control': 'no-cache' } : {}),
  };
  const policy = watchPolicy(server);
  try {
    for (let sent = 0; sent <= maxResends; sent += 1) {
      const response = await fetch(`${server}/api/chat`, { method: 'POST', headers, body, signal }).catch(
        () => {
          signal.throwIfAborted();
          return null;
        },
      );
      const challenge = response?.headers.get('x-proof-challenge') ?? null;
      if (challenge !== null && headers[solutionHeader] === undefined) {
        const solution = await solveChallenge(challenge, signal);
        if (solution !== null) {
          void response?.body?.cancel().catch(() => undefined);
          Object.assign(headers, { [solutionHeader]: solution, 'idempotency-key': randomKey() });
          continue;
        }
      }
      if (response?.ok === true && response.body !== null) {
        yield* eventsOf(response.body);
        return;
      }
      const words = (await policy.isBlocked()) ? texts.blocked : await refusalOf(response, texts);
      if (words !== null) throw new AskFailure(words);
      if (sent === maxResends) break;
      onWaking();
      if (!(await untilLive(server, signal))) break;
    }
    throw new AskFailure(texts.unreachable);
  } finally {
    policy.stop();
  }
}

/** The server's own words; null of a page that a proxy sent in its place, and of no answer at all: it may be asleep. */
async function refusalOf(response: Response | null, texts: ChatTexts): Promise<string | null> {
  if (response === null) return navigator.onLine ? null : texts.offline;
  const seconds = Number(response.headers.get('retry-after'));
  if (response.status === 429 && seconds > 0) return fill(texts.limit, Math.ceil(seconds));
  try {
    const { message } = (await response.json()) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : null;
  } catch {
    return null;
  }
}

async function untilLive(server: string, signal: AbortSignal): Promise<boolean> {
  for (const end = Date.now() + longestWakeMs; Date.now() < end;) {
    const isLive = await fetch(`${server}/api/live`, { cache: 'no-store', signal }).then(
      ({ ok, headers }) => ok && headers.get('content-type')?.includes('json') === true,
      () => false,
    );
    signal.throwIfAborted();
    if (isLive) return true;
    await new Promise((resolve) => setTimeout(resolve, liveIntervalMs));
  }
  return false;
}

/** Whether the page's content security policy refused the server's address. */
export function watchPolicy(server: string): { isBlocked(): Promise<boolean>; stop(): void } {
  let isBlocked = false;
  const note = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
    isBlocked ||= server !== '' && blockedURI.startsWith(server);
  };
  document.addEventListener('securitypolicyviolation', note);
  return {
    // Browsers report a violation after the request has failed.
    isBlocked: async () => {
      await new Promise((resolve) => setTimeout(resolve));
      return isBlocked;
    },
    stop: () => document.removeEventListener('securitypolicyviolation', note),
  };
}

async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<AnswerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + piece.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as AnswerEvent;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}
