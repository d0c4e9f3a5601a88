import type { RunEvent } from '../model/run/event.ts';
import type { Renderer } from '../model/renderer.ts';
import { createUserActionQueue } from './user-actions.ts';
import { nonInteractiveFailure } from './non-interactive.ts';

/** Increased when the format of a line changes incompatibly. */
const formatVersion = 1;

/** An event as a line with its newline; `at` in milliseconds since the epoch. */
function ndjsonLine({ type, ...fields }: RunEvent, at: number): string {
  return `${JSON.stringify({ v: formatVersion, type, at: new Date(at).toISOString(), ...fields })}\n`;
}

/** Writes events as NDJSON to stdout, and nothing else; a closed pipe is not an error. */
export function createNdjsonRenderer(options: { stdout: NodeJS.WriteStream; now: () => number }): Renderer {
  const { stdout, now } = options;
  const userActions = createUserActionQueue();
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
    userActions: () => userActions.iterate(),
    close: async () => {
      userActions.end();
      // Pipes are written asynchronously: when this empty write completes, the last line has been written.
      if (!isReaderGone) await new Promise<void>((resolve) => void stdout.write('', () => resolve()));
    },
  };
}
