import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';

/** Takes bytes as they arrive and returns the `data` of every event that they complete. */
export interface SseReader {
  push(bytes: Buffer): string[];
  /** The last event, when the stream ends without the blank line that completes one. */
  end(): string[];
}

/** Reads server-sent events. Throws a RangeError when more than `maxEvent` characters of one event are buffered. */
export function createSseReader({ maxEvent = 4 * 1024 * 1024 }: { maxEvent?: number } = {}): SseReader {
  const decoder = new StringDecoder('utf8');
  let events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void events.push(data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded')
        throw new RangeError(`event larger than ${maxEvent} characters`);
    },
    maxBufferSize: maxEvent,
  });
  const read = (text: string): string[] => {
    events = [];
    parser.feed(text);
    return events;
  };
  return {
    push: (bytes) => read(decoder.write(bytes)),
    end: () => read(`${decoder.end()}\n\n`),
  };
}
