/** Evasions of the link filter, as other programs render the answer: as GitHub's Markdown, as HTML, and as the widget. */
import { expect, test } from 'vitest';
import { allowLinksFrom } from '../../server/links/allow-links.ts';
import { createLinkFilter } from '../../server/links/link-filter.ts';
import { randomFrom, seeds } from '../properties/random.ts';
import { drawn } from '../server/widget/chat/draw-answer.ts';
import { gluedAddresses } from './glued-addresses.ts';
import { randomEvasion } from './link-evasions.ts';
import { randomChunks } from './random-markdown.ts';
import { hostsOf, renderHtml, renderMarkdown } from './rendered-addresses.ts';

const isAllowed = allowLinksFrom({
  texts: ['See https://ros.org/docs for more.'],
  pages: ['/docs'],
  origins: ['https://book.example'],
});

/** The book's site, and the reader's own machine. */
const ownHosts = new Set([
  'book.example',
  '0.0.0.0',
  '127.0.0.1',
  '[::1]',
  'localhost',
  'localhost:8000',
  'ros.org',
]);

/** As a simple finder of addresses leaves out closing punctuation, and a bracket that was opened before. */
function withoutClosing(address: string): string {
  return address.replace(/^([^(]*?)\).*$/, '$1').replace(/[')\]},;.:!?]+$/, '');
}

/** Hosts and schemes but the book's that an answer leads to. */
function breaches(text: string): string[] {
  const { addresses } = renderMarkdown(text);
  const html = renderHtml(text);
  const widget = drawn(text, 'https://book.example');
  const bare = (text.match(/https?:\/\/[^\s<>"`]+/g) ?? []).map(withoutClosing);
  const foreign = [...addresses, ...html.addresses, ...widget.addresses, ...bare].filter((address) =>
    hostsOf(address).some((host) => !ownHosts.has(host)),
  );
  return [...foreign, ...html.tags];
}

test('no evasion of the link filter links or loads anything foreign', () => {
  const problems: unknown[] = [];
  for (const seed of seeds(5_000)) {
    const random = randomFrom(seed);
    const text = randomEvasion(random, { number: seed, book: 'book.example' });
    const filter = createLinkFilter({ isAllowed });
    const out =
      randomChunks(text, random)
        .map((chunk) => filter.push(chunk))
        .join('') + filter.end();
    const wrong = breaches(out);
    if (wrong.length > 0) problems.push({ seed, text, out, wrong });
  }
  expect(problems.slice(0, Number(process.env['SHOW'] ?? 3))).toEqual([]);
});

test('nothing foreign leaves glued to an address that may leave', () => {
  const problems: unknown[] = [];
  for (const text of gluedAddresses('book.example')) {
    const filter = createLinkFilter({ isAllowed });
    const out = filter.push(text) + filter.end();
    const wrong = breaches(out);
    if (wrong.length > 0) problems.push({ text, out, wrong });
  }
  expect(problems.slice(0, Number(process.env['SHOW'] ?? 3))).toEqual([]);
});
