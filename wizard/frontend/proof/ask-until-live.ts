import type { Http } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';
import { askAsPage, type CitedAnswer, type RequestOfPage } from './ask-as-page.ts';
import { createLinkReader, type LinkState } from './source-links.ts';

/** A link of an answer that does not lead a reader to what it cites. */
export type DeadLink = { link: string; state: Exclude<LinkState, 'live'> };

/** Each costs an answer of the model. */
const maxAsked = 3;

/**
 * Asks until an answer is cited and every link of it leads to a page that is there: first about sections whose pages
 * are live. `dead` are the links of the answer that do not; empty when all do.
 *
 * @throws Failure as `askAsPage` does, `answer-uncited` only where no question was answered with a source.
 */
export async function askUntilLive({
  request,
  questions,
  followsLinks,
  http,
  signal,
}: {
  request: RequestOfPage;
  questions: readonly { text: string; url: string | null }[];
  /** False where there are no pages yet that a link could lead to. */
  followsLinks: boolean;
  http: Http;
  signal: AbortSignal;
}): Promise<{ answer: CitedAnswer; dead: readonly DeadLink[] }> {
  const follow = createLinkReader({ http, signal });
  const stateOf = async (link: string | null): Promise<LinkState> =>
    link === null || !followsLinks ? 'live' : follow(new URL(link, request.origin).href);
  const states = await Promise.all(questions.map(({ url }) => stateOf(url)));
  const live = questions.filter((_, index) => states[index] === 'live');
  // Where no page is live, one answer shows that the server works.
  const candidates = live.length > 0 ? live.slice(0, maxAsked) : questions.slice(0, 1);
  let best: { answer: CitedAnswer; dead: readonly DeadLink[] } | null = null;
  let last: unknown = null;
  for (const { text: question } of candidates) {
    try {
      const answer = await askAsPage({ request, question, http, signal });
      const followed = await Promise.all(
        answer.links.map(async (link) => ({ link, state: await stateOf(link) })),
      );
      const dead = followed.flatMap(({ link, state }) => (state === 'live' ? [] : [{ link, state }]));
      if (dead.length === 0) return { answer, dead };
      best ??= { answer, dead };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'answer-uncited') throw error;
      last = error;
    }
  }
  if (best === null) throw last;
  return best;
}
