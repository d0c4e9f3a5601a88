/** The chat and the Space's page in engines other than Chromium's: ask, cite, mark the sentence, and go back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loaderFile } from '../../server/widget/loader/loader-file.ts';
import { localiseTexts } from '../../server/widget/translations/localise-texts.ts';
import { bookPage } from '../page/book-page.ts';
import { startBookServer, type BookServer } from '../page/stage.ts';
import { click, enter, escape, tab, type, waitFor, type DrivenBrowser } from './driven-browser.ts';
import { startFirefox } from './firefox.ts';
import { startWebkit } from './webkit.ts';

const {
  BROWSERS_FIREFOX = '',
  BROWSERS_WEBKIT = '',
  BROWSERS_WEBKIT_DRIVER = '',
  BROWSERS_STILLS: stills = '',
} = process.env;
/** Not the page of an answer: a source changes the page. */
const firstPage = '/docs/hardware/tools';

let site: Server;
let siteUrl: string;
let book: BookServer;

beforeAll(async () => {
  if (stills !== '') mkdirSync(stills, { recursive: true });
  site = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', siteUrl);
    if (pathname === '/book-chat.js')
      return void response
        .writeHead(200, { 'content-type': 'text/javascript' })
        .end(loaderFile(localiseTexts('en').texts));
    void pageAt(pathname).then((html) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  // Another host than the server's, as the book and its Space are.
  siteUrl = `http://localhost:${(site.address() as AddressInfo).port}`;
  book = await startBookServer({ ALLOWED_ORIGINS: siteUrl });
});
afterAll(async () => {
  site?.closeAllConnections();
  site?.close();
  await book?.close();
});

async function pageAt(path: string): Promise<string> {
  const markdown = await (await fetch(`${book.server.url}/pages${path}.md`)).text();
  const head = `<script defer src="/book-chat.js" data-server="${book.server.url}"></script>`;
  return bookPage({ markdown, head });
}

const engines: readonly [string, () => Promise<DrivenBrowser>][] = [
  ['Firefox', () => startFirefox(BROWSERS_FIREFOX)],
  ['WebKitGTK', () => startWebkit({ driver: BROWSERS_WEBKIT_DRIVER, browser: BROWSERS_WEBKIT })],
];

const inChat = (selector: string): string =>
  `document.querySelector('book-chat')?.shadowRoot?.querySelector(${JSON.stringify(selector)})`;
/** `:focus` matches in an active window only, which one without a screen is not. */
const focused = `document.querySelector('book-chat')?.shadowRoot?.activeElement`;
const inPage = (selector: string): string => `document.querySelector(${JSON.stringify(selector)})`;
const answered = '.answer:not([aria-busy])';
const link = '.answer > ol a';
const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '');

describe.each(engines)('%s', (name, start) => {
  let browser: DrivenBrowser;
  beforeAll(async () => {
    browser = await start();
  });
  afterAll(() => browser?.close());
  const still = async (what: string): Promise<void> => {
    if (stills !== '') writeFileSync(join(stills, `${name}-${what}.png`), await browser.screenshot());
  };

  test('the chat answers, cites, marks the sentence on its page, and goes back', async () => {
    await browser.open(siteUrl + firstPage);
    await click(browser, inChat('.launcher'));
    await waitFor(browser, `${focused}?.id === 'question'`);
    const question = `How is the wind sensor mounted? (${name})`;
    await type(browser, question + enter);
    await waitFor(browser, inChat(answered));
    expect(await browser.evaluate<string>(`${inChat('.asked')}.textContent`)).toBe(question);
    expect(await browser.evaluate<boolean>(`Boolean(${inChat('.answer .cite')})`)).toBe(true);
    await still('chat');
    const { quote, url } = await browser.evaluate<{ quote: string; url: string }>(
      `JSON.parse(sessionStorage.getItem('book-chat')).turns[0].sources[0]`,
    );
    await click(browser, inChat(link));
    await waitFor(browser, `location.pathname === ${JSON.stringify(new URL(url, siteUrl).pathname)}`);
    const marked = `[...(CSS.highlights.get('book-chat-citation') ?? [])][0]`;
    await waitFor(browser, marked);
    expect(letters(await browser.evaluate<string>(`${marked}.toString()`))).toBe(letters(quote));
    const isInView = `(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(${marked}.getBoundingClientRect())`;
    await waitFor(browser, isInView);
    await still('marked');
    // The conversation came along.
    expect(await browser.evaluate<string>(`${inChat('.asked')}.textContent`)).toBe(question);
    await browser.back();
    await waitFor(browser, `location.pathname === ${JSON.stringify(firstPage)}`);
    await waitFor(browser, `${inChat('.asked')}?.textContent === ${JSON.stringify(question)}`);
  });

  test('the Space’s page answers, cites, opens the sentence in the book, and goes back', async () => {
    await browser.open(book.server.url);
    await waitFor(browser, inPage('#services li:not([data-state=starting])'));
    await click(browser, inPage('#question'));
    const question = `How long does a full battery last with no sun? (${name})`;
    await type(browser, question + enter);
    await waitFor(browser, inPage(answered));
    expect(await browser.evaluate<boolean>(`Boolean(${inPage('.answer .cite')})`)).toBe(true);
    await still('space');
    const href = await browser.evaluate<string>(`${inPage(link)}.href`);
    expect(href).toMatch(/#.*:~:text=./);
    await browser.open(href);
    // A script cannot ask which text a browser marks by itself, but where it scrolled.
    const [first = ''] = decodeURIComponent(href.split(':~:text=')[1] ?? '').split(',');
    await waitFor(
      browser,
      `[...document.querySelectorAll('main *')].some((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return element.children.length < 4 && element.textContent.includes(${JSON.stringify(first)}) &&
          top >= 0 && bottom <= innerHeight;
      })`,
    );
    await still('space-marked');
    await browser.back();
    await waitFor(browser, inPage('#question'));
  });

  test('the keyboard alone opens the chat, asks, and closes it', async () => {
    await browser.open(siteUrl + firstPage);
    // The chat was left open, which a page change keeps.
    await browser.evaluate('sessionStorage.clear()');
    await browser.open(siteUrl + firstPage);
    await waitFor(browser, inChat('.launcher'));
    await browser.evaluate(`${inChat('.launcher')}.focus()`);
    await type(browser, enter);
    await waitFor(browser, `${focused}?.id === 'question'`);
    await type(browser, `Where does the thermometer go? (${name})${enter}`);
    await waitFor(browser, `${inChat('.answer:last-of-type')}?.matches(':not([aria-busy])')`);
    for (let step = 0; step < 20; step += 1) {
      await type(browser, tab);
      expect(await browser.evaluate<boolean>(`${inChat('.panel')}.contains(${focused})`)).toBe(true);
    }
    await type(browser, escape);
    await waitFor(browser, `${inChat('.panel')}.hidden && ${focused} === ${inChat('.launcher')}`);
  });
});
