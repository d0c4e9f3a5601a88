import { createContext, Script } from 'node:vm';
import { UnreadablePage } from './unreadable-page.ts';

const sandbox: { work: (() => unknown) | null } = { work: null };
const context = createContext(sandbox);
const script = new Script('work()');

/**
 * Runs `work`, which must not wait for anything, and breaks it off in the middle: Markdown can be written so that
 * no parser ends in a lifetime, and nothing that runs beside it could say stop. Node's own watchdog does, at a
 * tenth of a millisecond a call. Throws PageUnread; what else `work` throws passes through.
 */
export function withinDeadline<T>({ work, milliseconds }: { work: () => T; milliseconds: number }): T {
  const outer = sandbox.work;
  sandbox.work = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    throw timeoutReason(error, milliseconds) ?? error;
  } finally {
    sandbox.work = outer;
  }
}

/** Milliseconds for a text of so many characters: several times what ordinary Markdown takes on a busy machine. */
export function parsingTimeLimit({ length }: { length: number }): number {
  return Math.min(3000 + Math.ceil(length / 50), 30_000);
}

function timeoutReason(error: unknown, milliseconds: number): UnreadablePage | null {
  if (isStackOverflow(error))
    return new UnreadablePage('it is nested too deeply to be read; make its lists, quotes or blocks flatter');
  if (fieldOf(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
    return new UnreadablePage(
      `it could not be read in ${Math.round(milliseconds / 1000)} s; look for a long run of *, _, [ or > or for very deep nesting, or split the page`,
    );
  return null;
}

export function isStackOverflow(error: unknown): boolean {
  return fieldOf(error, 'name') === 'RangeError' && /call stack/i.test(String(fieldOf(error, 'message')));
}

/** The watchdog's error is of the script's realm: no `instanceof` knows it. */
function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null
    ? (error as { [name: string]: unknown })[name]
    : undefined;
}
