/** Random Markdown through the link filter, rendered: nothing leads out of the book, however the text is cut. */
import { expect, test } from 'vitest';
import { allowLinksFrom } from '../../server/links/allow-links.ts';
import { createLinkFilter } from '../../server/links/link-filter.ts';
import { randomFrom, seeds } from '../properties/random.ts';
import { randomChunks, randomMarkdown } from './random-markdown.ts';
import { hostsOf, renderMarkdown } from './rendered-addresses.ts';

const isAllowed = allowLinksFrom({
  texts: ['See https://ros.org/docs for more.'],
  pages: ['/docs/ros/nodes#publish'],
});

function filtered(chunks: readonly string[]): string {
  const filter = createLinkFilter({ isAllowed });
  return chunks.map((chunk) => filter.push(chunk)).join('') + filter.end();
}

/** Addresses and tags of the rendered text that are not the book's. */
function breaches(markdown: string): string[] {
  const { addresses, tags } = renderMarkdown(markdown);
  const foreign = addresses.filter(
    (address) =>
      address.replace(/#.*$/, '') !== 'https://ros.org/docs' &&
      hostsOf(address).some((host) => host !== 'book.example'),
  );
  return [...foreign, ...tags.filter((tag) => !/^<(?:String|x)>$/.test(tag))];
}

test('no random text links or loads anything foreign', () => {
  const problems: unknown[] = [];
  for (const seed of seeds(4_000)) {
    const random = randomFrom(seed);
    const text = randomMarkdown(random);
    const whole = filtered([text]);
    const cut = filtered(randomChunks(text, random));
    for (const out of new Set([whole, cut])) {
      const wrong = breaches(out);
      if (wrong.length > 0) problems.push({ seed, text, out, wrong });
    }
    if (whole !== cut) problems.push({ seed, text, whole, cut });
  }
  expect(problems.slice(0, Number(process.env['SHOW'] ?? 3))).toEqual([]);
});
