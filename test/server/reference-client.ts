/**
 * The parser of the existing Docusaurus frontend, re-implemented: it throws on a `data: ` line that is not JSON. What it
 * would silently lose (a line that it does not recognise as data, an event without a line break at its end, an error that
 * it does not show) is thrown here, too, so that no test can pass with such a stream.
 */
export type WireEvent = {
  type: string;
  content: string | null;
  sources: Record<string, unknown>[] | null;
  conversation_id: string | null;
  [extra: string]: unknown;
};

/** What the page shows: the question, and the answer once its first token has arrived. */
export type ShownMessage = {
  role: 'user' | 'assistant';
  content: string;
  sources?: Record<string, unknown>[];
};

export type ChatReply = {
  response: Response;
  events: WireEvent[];
  text: string;
  sources: Record<string, unknown>[];
  /** What a refusal names beside its empty sources. */
  nearest: Record<string, unknown>[];
  shown: ShownMessage[];
};

export async function askServer(
  url: string,
  body: unknown,
  init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<ChatReply> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    // Each test wants an answer of its own, not the one to the same question a moment ago.
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', ...init.headers },
    // The frontend of the FastAPI server always sends a mode.
    body: JSON.stringify({ mode: 'general', ...(body as object) }),
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  });
  if (!response.ok) throw new Error(`Chat API error: ${response.status} ${await response.text()}`);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) throw new Error(`Nothing would be shown of ${type}.`);
  const events: WireEvent[] = [];
  const decoded = response.body!.pipeThrough(
    new TextDecoderStream('utf-8', { fatal: true, ignoreBOM: true }),
  );
  for await (const line of linesOf(decoded)) {
    if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as WireEvent);
    else if (line !== '' && !line.startsWith(':')) throw new Error(`This line would be lost: ${line}`);
  }
  const { message } = body as { message?: string };
  const shown = show(message ?? '', events);
  const text = events.map((event) => (event.type === 'token' ? event.content : '')).join('');
  const nearest = (events.at(-1)?.['nearest'] ?? []) as Record<string, unknown>[];
  return { response, events, text, sources: shown.at(-1)?.sources ?? [], nearest, shown };
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let buffer = '';
  for await (const piece of pieces) {
    buffer += piece;
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    yield* lines;
  }
  if (buffer !== '') throw new Error(`The last event would be lost: ${buffer}`);
}

/** The page's state: sources are attached to the last message, whatever its role. */
function show(question: string, events: readonly WireEvent[]): ShownMessage[] {
  const shown: ShownMessage[] = [{ role: 'user', content: question }];
  for (const { type, content, sources } of events) {
    if (type === 'token') {
      if (shown.at(-1)?.role === 'user') shown.push({ role: 'assistant', content: '' });
      shown.at(-1)!.content += content;
    }
    if (type === 'done') {
      if (shown.at(-1)?.role === 'user') throw new Error('The reader would see an empty answer.');
      shown.at(-1)!.sources = sources ?? [];
    }
  }
  if (events[0]?.type !== 'metadata' || events.at(-1)?.type !== 'done')
    throw new Error(`Not one metadata first and one done last: ${events.map(({ type }) => type).join()}`);
  return shown;
}
