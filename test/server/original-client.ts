/** The parser of the frontend that exists, restated: it throws on what it cannot read. */
export type WireEvent = {
  type: string;
  content: string | null;
  sources: Record<string, unknown>[] | null;
  conversation_id: string | null;
  [extra: string]: unknown;
};

export async function ask(
  url: string,
  body: unknown,
  init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<{ response: Response; events: WireEvent[]; text: string; sources: Record<string, unknown>[] }> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...init.headers },
    body: JSON.stringify(body),
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  });
  if (!response.ok) throw new Error(`Chat API error: ${response.status} ${await response.text()}`);
  const events: WireEvent[] = [];
  let buffer = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    buffer += piece;
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines)
      if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as WireEvent);
  }
  const text = events.map((event) => (event.type === 'token' ? event.content : '')).join('');
  return { response, events, text, sources: events.findLast(({ type }) => type === 'done')?.sources ?? [] };
}
