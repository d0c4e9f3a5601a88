import type { Http } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';
import type { ShownAnswer } from './ask-in-chat.ts';
import { createLinkReader } from '../proof/source-links.ts';

/** Share of the answer's words that have to be on the page: Markdown marks and source markers may be shown otherwise. */
const shareShown = 0.6;

/**
 * Asserts that what a browser shows is the answer that the server gave to the same question, with links that work.
 *
 * @throws Failure `browser-no-answer` or `source-link-broken`.
 */
export async function assertShown(
  { text, links }: ShownAnswer,
  { answer, page, http, signal }: { answer: string; page: string; http: Http; signal: AbortSignal },
): Promise<void> {
  const shown = new Set(wordsIn(text));
  const expected = [...new Set(wordsIn(answer))];
  const share = expected.filter((word) => shown.has(word)).length / Math.max(1, expected.length);
  if (share < shareShown) {
    throw new Failure({
      code: 'browser-no-answer',
      service: 'vercel',
      message: `Asked in its chat, ${page} does not show the server’s answer. It shows: ${text.slice(0, 200)}`,
      remedy: `Open ${page} in a browser, ask its chat, and look at the network tab of the developer tools.`,
    });
  }
  const follow = createLinkReader({ http, signal });
  for (const link of links.filter((url) => new URL(url).origin === new URL(page).origin)) {
    if ((await follow(link)) === 'live') continue;
    throw new Failure({
      code: 'source-link-broken',
      service: 'vercel',
      message: `The chat of ${page} shows an answer with a link that leads nowhere: ${link}.`,
      remedy:
        'Push the book as it is in its folder, so that the site has the pages that were indexed, and run again.',
    });
  }
}

const wordsIn = (text: string): string[] =>
  text
    .replaceAll(/\[Source \d+\]/g, ' ')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{3,}/gu) ?? [];
