import { createParser } from 'eventsource-parser';

/** The data of each server-sent event, as it arrives; events without data, keep-alives among them, are left out. */
export async function* readEventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data.trim() !== '') events.push(data.trim());
    },
  });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* events.splice(0);
  }
  // A stream that is cut before the blank line still gives its last event, which the specification would drop.
  parser.feed(`${decoder.decode()}\n\n`);
  yield* events.splice(0);
}
