import { createContext, Script } from 'node:vm';

/** A page that cannot be read and so is missing in the index. `message` is the reason, shown after the page's name. */
export class UnreadablePage extends Error {}

export const nestedTooDeeply = 'it is nested too deeply to be read; make its lists, quotes or blocks flatter';

const sandbox: { work: (() => unknown) | null } = { work: null };
const context = createContext(sandbox);
const script = new Script('work()');

/**
 * Runs synchronous `work` and interrupts it after `milliseconds`. Markdown can be written so that no parser ever
 * finishes, and nothing else on the same thread could stop it; the timeout of `node:vm` can, at 0.1 ms a call.
 * Throws UnreadablePage on a timeout or a stack overflow; any other error of `work` is rethrown.
 */
export function withinDeadline<T>({ work, milliseconds }: { work: () => T; milliseconds: number }): T {
  const outerWork = sandbox.work;
  sandbox.work = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    throw timeoutReason(error, milliseconds) ?? error;
  } finally {
    sandbox.work = outerWork;
  }
}

/** Milliseconds for a text of this many characters: several times what ordinary Markdown takes on a busy machine. */
export function parsingTimeLimit({ length }: { length: number }): number {
  return Math.min(3000 + Math.ceil(length / 50), 30_000);
}

function timeoutReason(error: unknown, milliseconds: number): UnreadablePage | null {
  if (isStackOverflow(error)) return new UnreadablePage(nestedTooDeeply);
  if (fieldOf(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
    return new UnreadablePage(
      `it could not be read in ${Math.round(milliseconds / 1000)} s; look for a long run of *, _, [ or > or for very deep nesting, or split the page`,
    );
  return null;
}

export function isStackOverflow(error: unknown): boolean {
  return fieldOf(error, 'name') === 'RangeError' && /call stack/i.test(String(fieldOf(error, 'message')));
}

/** The timeout error comes from the context's own realm, where `instanceof` does not match. */
function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null
    ? (error as { [name: string]: unknown })[name]
    : undefined;
}
