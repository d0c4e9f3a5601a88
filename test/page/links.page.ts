/** Generated evasions of the link filter, and ordinary answers, streamed in pieces and shown by the page. */
import type { Frame } from 'playwright-core';
import { expect, test } from 'vitest';
import { randomLegitimateAnswer } from '../attack/legitimate-answers.ts';
import { randomEvasion } from '../attack/link-evasions.ts';
import { randomChunks } from '../attack/random-markdown.ts';
import { randomFrom, seeds } from '../properties/random.ts';
import { spaceHost } from './edge.ts';
import { bookUrl } from './stage.ts';
import { useStage } from './use-stage.ts';

const { stage, open } = useStage({
  CHAT_PER_MINUTE: '100000',
  CHAT_PER_CONVERSATION_MINUTE: '100000',
  // Each question searches too.
  CHAT_READS_PER_MINUTE: '100000',
});
const site = new URL(bookUrl).host;

type Shown = {
  /** What the page's elements link or load, resolved; elements that only the page itself makes are left out. */
  addresses: string[];
  /** Names of the answer's elements. */
  elements: string[];
  text: string;
};

/** Asks in the page, and returns what it shows of the answer. */
function askInPage(frame: Frame, message: string): Promise<Shown> {
  return frame.evaluate(async (question) => {
    const box = document.querySelector<HTMLTextAreaElement>('#question')!;
    box.value = question;
    box.form!.requestSubmit();
    const article = document.querySelector('.answer:last-of-type')!;
    while (article.hasAttribute('aria-busy')) await new Promise((resolve) => setTimeout(resolve, 5));
    const inside = [...article.querySelectorAll('.text, .text :not(.cite)')];
    const names = ['href', 'src', 'srcset', 'action', 'formaction', 'data', 'poster', 'style', 'xlink:href'];
    const addresses = inside.flatMap((element) =>
      names.flatMap((name) => (element.hasAttribute(name) ? [element.getAttribute(name) ?? ''] : [])),
    );
    const shown = {
      addresses: addresses.map((address) => new URL(address, location.href).href),
      elements: inside.map(({ localName }) => localName),
      text: article.querySelector('.text')!.textContent,
    };
    document.querySelector('#log')!.replaceChildren();
    return shown;
  }, message);
}

const pageElements = new Set([
  'div',
  'p',
  'ul',
  'ol',
  'li',
  'pre',
  'code',
  'blockquote',
  'strong',
  'em',
  'span',
  'a',
  'button',
]);

test('five hundred evasions lead to nothing outside the book', { timeout: 600_000 }, async () => {
  const { page, frame, errors } = await open();
  const requested = new Set<string>();
  page.on('request', (request) => requested.add(new URL(request.url()).host));
  const problems: unknown[] = [];
  for (const seed of seeds(500)) {
    const random = randomFrom(seed);
    const text = randomEvasion(random, { number: seed, book: site });
    const pieces = randomChunks(text, random);
    stage().vendors.gemini.controls['script']!({ pieces, unlimited: true });
    const shown = await askInPage(frame, `How is the wind sensor mounted? (${seed})`);
    const foreign = shown.addresses.filter((address) => {
      const { protocol, host } = new URL(address);
      return protocol !== 'https:' || host !== site;
    });
    const strange = shown.elements.filter((name) => !pageElements.has(name));
    if (foreign.length > 0 || strange.length > 0 || shown.text === '')
      problems.push({ seed, text, foreign, strange, shown: shown.text });
  }
  expect(problems.slice(0, 3)).toEqual([]);
  expect([...requested]).toEqual([spaceHost]);
  expect(errors).toEqual([]);
});

test('the page links what the book holds', { timeout: 600_000 }, async () => {
  const { frame } = await open();
  const question = 'How is the wind sensor mounted?';
  stage().vendors.gemini.controls['script']!({ pieces: ['It is so [Source 1].'] });
  await askInPage(frame, question);
  const missing: unknown[] = [];
  const pagePath = '/docs/hardware/sensors';
  for (const seed of seeds(200)) {
    const random = randomFrom(seed);
    const book = { site: bookUrl, page: pagePath, mentioned: bookUrl + pagePath, mail: 'nobody' };
    const text = randomLegitimateAnswer(random, book);
    stage().vendors.gemini.controls['script']!({ pieces: randomChunks(text, random), unlimited: true });
    const { addresses } = await askInPage(frame, `${question} (${seed})`);
    const expected = text.replaceAll(/```[^`]*```|`[^`]*`/g, '').split(pagePath).length - 1;
    const linked = addresses.filter((address) => new URL(address).host === site).length;
    if (linked < expected) missing.push({ seed, text, addresses });
  }
  expect(missing.slice(0, 3)).toEqual([]);
});
