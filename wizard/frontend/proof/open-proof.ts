import { Failure } from '../../model/failure.ts';
import type { DeadLink } from './ask-until-live.ts';

/** Why it could be neither proved nor refuted that readers get an answer, and what to look at by hand. */
export type OpenProof = { reason: string; remedy: string };

/** Of a page whose code does not show how it asks, or what it reads of the reply. */
export function unknownContract(page: string): OpenProof {
  return {
    reason: `The server answers, and ${page} knows it, but its code does not show how its chat asks and what it reads of the answer.`,
    remedy: `Open ${page}, ask its chat a question, and see whether the answer and its sources appear. With --frontend DIR the site’s source is read too; --browser asks in a Chromium of this machine.`,
  };
}

/**
 * Null where every link leads a reader to what it cites.
 *
 * @throws Failure `source-link-broken` where a page is there and does not have the cited place.
 */
export function deadLinks(dead: readonly DeadLink[]): OpenProof | null {
  const [first] = dead;
  if (first === undefined) return null;
  const broken = dead.find(({ state }) => state === 'no-anchor');
  if (broken !== undefined) {
    throw new Failure({
      code: 'source-link-broken',
      service: 'vercel',
      message: `The answer’s source links to ${broken.link}, and that page has no such place.`,
      remedy:
        'Push the book as it is in its folder, so that the site has the pages that were indexed, and run again.',
    });
  }
  if (first.state === 'unrendered')
    return {
      reason: `The answer’s source links to ${first.link}, a page whose text appears in a browser only.`,
      remedy: `Open ${first.link}, and see whether it shows the place that the answer cites.`,
    };
  return {
    reason: `The answer’s sources link to pages that are not live: ${first.link}.`,
    remedy: 'Push your book first, wait until Vercel has deployed it, then run again.',
  };
}
