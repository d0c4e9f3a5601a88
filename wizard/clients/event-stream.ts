/** The `data:` lines of a server-sent event stream, as they come; comments and empty keep-alives are left out. */
export async function* readEventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const data = dataOf(line);
      if (data !== null) yield data;
    }
  }
  const last = dataOf(rest + decoder.decode());
  if (last !== null) yield last;
}

function dataOf(line: string): string | null {
  if (!line.startsWith('data:')) return null;
  const data = line.slice(5).trim();
  return data === '' ? null : data;
}
