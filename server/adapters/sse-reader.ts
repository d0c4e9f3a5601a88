import { StringDecoder } from 'node:string_decoder';

/** Takes bytes as they come and returns the `data` of every event that they complete. */
export interface SseReader {
  push(bytes: Buffer): string[];
  /** What an upstream left unfinished at its end: a last event without its blank line. */
  end(): string[];
}

/**
 * Server-sent events read piece by piece: UTF-8 split between pieces, CR, LF and CRLF (also split), several
 * `data` lines in one event. Everything but `data` is skipped. `maxEvent` bounds what is held, in characters.
 */
export function createSseReader({ maxEvent = 4 * 1024 * 1024 }: { maxEvent?: number } = {}): SseReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let data: string[] = [];
  /** `rest` ends with a CR; to look at it itself would cost as much as its length. */
  let isHalf = false;

  function take(line: string, events: string[]): void {
    if (line === '') {
      if (data.length > 0) events.push(data.join('\n'));
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }

  function read(text: string): string[] {
    // A long line is looked through when it ends, and not again with each of its pieces.
    const isWithinLine = !isHalf && !/[\r\n]/.test(text);
    isHalf = text === '' ? isHalf : text.endsWith('\r');
    rest += text;
    const events: string[] = [];
    if (!isWithinLine) {
      // A CR at the very end may be the first half of a CRLF: it waits for the next piece.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) take(line, events);
    }
    if (rest.length > maxEvent) throw new RangeError(`event larger than ${maxEvent} characters`);
    return events;
  }

  return {
    push: (bytes) => read(decoder.write(bytes)),
    end() {
      const events = read(`${decoder.end()}\n\n`);
      rest = '';
      return events;
    },
  };
}
