import type { RunEvent } from '../model/run/event.ts';
import type { Renderer } from '../model/renderer.ts';
import { createUserActionQueue } from './user-actions.ts';
import { nonInteractiveFailure } from './non-interactive.ts';

/** Raised when the format of a line changes in a way that breaks its readers. */
const formatVersion = 1;

/** One event as a line, its newline included; `at` in milliseconds since the epoch. */
function ndjsonLine({ type, ...fields }: RunEvent, at: number): string {
  return `${JSON.stringify({ v: formatVersion, type, at: new Date(at).toISOString(), ...fields })}\n`;
}

/** Events as NDJSON on stdout, and nothing else there; a reader that went away is no error. */
export function createNdjsonRenderer(options: { stdout: NodeJS.WriteStream; now: () => number }): Renderer {
  const { stdout, now } = options;
  const intents = createUserActionQueue();
  let isReaderGone = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isReaderGone = true;
  });
  return {
    canAsk: false,
    show: (event) => {
      if (!isReaderGone) stdout.write(ndjsonLine(event, now()));
    },
    ask: (prompt) => Promise.reject(nonInteractiveFailure(prompt)),
    userActions: () => intents.iterate(),
    close: async () => {
      intents.end();
      // A pipe is written to asynchronously: the last line is out when an empty write comes back.
      if (!isReaderGone) await new Promise<void>((resolve) => void stdout.write('', () => resolve()));
    },
  };
}
