/** Ordinary answers leave the filter as the model wrote them, however they arrive. */
import { expect, test } from 'vitest';
import { allowLinksFrom } from '../../server/links/allow-links.ts';
import { createLinkFilter } from '../../server/links/link-filter.ts';
import { randomFrom, seeds } from '../properties/random.ts';
import { randomLegitimateAnswer } from './legitimate-answers.ts';
import { randomChunks } from './random-markdown.ts';

const book = {
  site: 'https://book.example',
  page: '/docs/mounting#screws',
  mentioned: 'https://vendor.example/manual?v=2',
  mail: 'help@vendor.example',
};
const isAllowed = allowLinksFrom({
  texts: [`The manual is at ${book.mentioned}; write to ${book.mail}.`],
  pages: ['/docs/mounting#wind'],
  origins: [book.site],
});

test('nothing is taken away from an ordinary answer', () => {
  const changed: unknown[] = [];
  for (const seed of seeds(200)) {
    const random = randomFrom(seed);
    const text = randomLegitimateAnswer(random, book);
    const filter = createLinkFilter({ isAllowed });
    const out =
      randomChunks(text, random)
        .map((chunk) => filter.push(chunk))
        .join('') + filter.end();
    if (out !== text) changed.push({ seed, text, out });
  }
  expect(changed.slice(0, 3)).toEqual([]);
});
