import type { RunContext } from '../deployment/context.ts';
import { askInChat } from '../frontend/browser/ask-in-chat.ts';
import type { CitedAnswer } from '../frontend/proof/ask-as-page.ts';
import { assertShown } from '../frontend/browser/assert-shown.ts';
import { Failure } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import { progress } from './step.ts';

const step = { id: 'prove', service: 'vercel' } as const;

/**
 * Asks the answered question in the chat of the deployed pages, in a Chromium, and reads what a reader sees. True where
 * the answer and its links are shown; false where there is no Chromium, or no chat that it can reach.
 *
 * @throws Failure `browser-no-answer` or `source-link-broken`.
 */
export async function* proveInBrowser(
  context: RunContext,
  { pages, answer }: { pages: readonly string[]; answer: CitedAnswer },
): AsyncGenerator<RunEvent, boolean> {
  const { http, signal } = context;
  const chromium = context.settings.browser?.chromium ?? null;
  if (chromium === null) {
    yield open('No Chromium was found on this machine.', 'Set CHROMIUM to its path in the environment.');
    return false;
  }
  for (const page of pages) {
    yield progress(step, { done: 0, total: 1, note: `asking in the chat of ${page}` });
    const shown = await inBrowser({ chromium, page, question: answer.question, signal });
    if (shown === null) continue;
    await assertShown(shown, { answer: answer.text, page, http, signal });
    return true;
  }
  yield open(`No chat was found in ${pages.join(' and ')} by the browser.`, 'Open the page and ask by hand.');
  return false;
}

async function inBrowser({
  chromium,
  page,
  question,
  signal,
}: {
  chromium: string;
  page: string;
  question: string;
  signal: AbortSignal;
}) {
  try {
    return await askInChat({ chromium, url: page, question, signal });
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure({
      code: 'browser-failed',
      service: 'vercel',
      message: `The browser ${chromium} failed: ${message}.`,
      remedy: 'Set CHROMIUM to the path of another one, or run without --browser.',
      cause: error,
    });
  }
}

function open(message: string, remedy: string): RunEvent {
  return { type: 'notice', code: 'browser-not-asked', message, remedy };
}
