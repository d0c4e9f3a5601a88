/** The chat on a book's pages when something is wrong: the server sleeps, the page is foreign, or a policy forbids it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { widgetFile } from '../../server/widget/widget-files.ts';
import { spaceHost, strangerHost } from './edge.ts';
import { askInPanel, markedText, spaceUrl, useBook } from './use-book.ts';
import { useStage } from './use-stage.ts';

const tools = useStage();
const { stage, still } = tools;
const { site, visit } = useBook(tools);

const question = 'How is the wind sensor mounted?';
const modelCalls = (): string[] =>
  stage()
    .vendors.record.list()
    .flatMap(({ name }) => (/embed|generate/i.test(name) ? [name] : []));

/** What Hugging Face answers in place of a Space that sleeps. */
function fallAsleep(ms: number): void {
  const wakesAt = Date.now() + ms;
  stage().edge.instead = (_request, response) => {
    if (Date.now() > wakesAt) return false;
    response.writeHead(503, { 'content-type': 'text/html' }).end('<!doctype html><h1>Sleeping</h1>');
    return true;
  };
}

test('while the server sleeps for 20 s the button is there, shows it, waits, and the question is answered', async () => {
  const book = await visit();
  fallAsleep(20_000);
  await book.launcher.click();
  const state = book.page.locator('book-chat .state');
  await expect.poll(() => state.textContent()).toBe('Waking up, about 20 seconds …');
  await still('widget-waking', book.page);
  await book.panel.waitFor({ timeout: 40_000 });
  await askInPanel(book, question);
  expect(await book.panel.locator('.answer h2').textContent()).toBe('Sources');
});

test('a server that falls asleep later is waited for, and the question is sent again', async () => {
  const book = await visit();
  await book.launcher.click();
  await book.panel.waitFor();
  fallAsleep(5_000);
  await book.panel.locator('#question').fill(`${question} (asleep)`);
  await book.panel.locator('#question').press('Enter');
  await expect.poll(() => book.panel.locator('.answer').textContent()).toContain('Waking up');
  await book.panel.locator('.answer:not([aria-busy]) h2').waitFor();
  expect(await book.panel.locator('.answer').textContent()).not.toContain('Waking up');
});

test('without a connection it is named, and the question can be asked again', async () => {
  const book = await visit();
  await book.launcher.click();
  await book.panel.waitFor();
  await book.context.setOffline(true);
  await askInPanel(book, `${question} (offline)`);
  expect(await book.panel.locator('.answer .text').textContent()).toMatch(/^You are offline/);
  await book.context.setOffline(false);
  await book.panel.locator('.failed .again').click();
  await book.panel.locator('.answer:not([aria-busy]) h2').waitFor();
});

test('a limit is named with its seconds', async () => {
  const book = await visit();
  await book.launcher.click();
  await book.panel.waitFor();
  await book.page.route('**/api/chat', (route) =>
    route.fulfill({
      status: 429,
      headers: {
        'retry-after': '7',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'Retry-After',
      },
      body: '{}',
    }),
  );
  await askInPanel(book, `${question} (limit)`);
  expect(await book.panel.locator('.answer .text').textContent()).toBe(
    'Too many questions just now. Please try again in 7 seconds.',
  );
});

test('a page with a strict policy needs two entries in it, and no inline styles or scripts', async () => {
  const policy = `default-src 'none'; script-src 'self' ${spaceUrl}; connect-src ${spaceUrl}`;
  site.headers = { 'content-security-policy': policy };
  const book = await visit();
  await askInPanel(book, `${question} (policy)`);
  expect(await book.panel.locator('.answer h2').textContent()).toBe('Sources');
  await book.panel.locator('.answer > ol a').first().click();
  await expect.poll(() => markedText(book.page)).not.toBeNull();
  expect(book.errors).toEqual([]);
});

test('a policy that forbids the server is named', async () => {
  site.headers = { 'content-security-policy': "script-src 'self'" };
  const { launcher, page } = await visit();
  await launcher.click();
  await expect
    .poll(() => page.locator('book-chat .state').textContent())
    .toBe('This page’s security policy blocks the assistant’s address.');
});

test('a policy that forbids only the questions is named', async () => {
  site.headers = { 'content-security-policy': "connect-src 'self'" };
  const book = await visit();
  await askInPanel(book, question);
  expect(await book.panel.locator('.answer .text').textContent()).toMatch(/^This page’s security policy/);
});

test('a page of another site gets no answer from the widget, and costs no call', async () => {
  const book = await visit({ origin: `https://${strangerHost}` });
  stage().vendors.record.clear();
  await askInPanel(book, `${question} (stranger)`);
  const answer = await book.panel.locator('.answer').textContent();
  expect(answer).toMatch(/^This page may not ask this assistant\./);
  expect(await book.panel.locator('.answer a, .samples button').count()).toBe(0);
  expect(modelCalls()).toEqual([]);
});

test('what a model writes is text: nothing runs, nothing is loaded, no link leaves the book', async () => {
  const pieces = [
    '<script>document.title = "taken"</script><img src="https://evil.example/x.png" onerror="document.title=1">',
    '\n\n[go](https://evil.example/) <https://evil.example/a> [x](javascript:alert(1)) ![i](https://evil.example/i.png)',
    ' [Source 99] [Source 1](https://evil.example/) [Source 1]\n\n<a href="https://evil.example/">out</a>',
  ];
  stage().vendors.gemini.controls['script']!({ pieces, unlimited: true });
  const book = await visit();
  const hosts = new Set<string>();
  book.page.on('request', (request) => hosts.add(new URL(request.url()).host));
  const { host } = new URL(book.page.url());
  const title = await book.page.title();
  await askInPanel(book, `${question} (injected)`);
  const answer = book.panel.locator('.answer');
  expect(await answer.locator('img, script, iframe').count()).toBe(0);
  const addresses = await answer
    .locator('a')
    .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).host));
  expect(new Set(addresses)).toEqual(new Set([host]));
  expect(await answer.locator('.cite').allTextContents()).not.toContain('99');
  expect(await book.page.title()).toBe(title);
  expect([...hosts].filter((each) => each !== spaceHost && each !== host)).toEqual([]);
  expect(book.errors).toEqual([]);
});

test('a page can pin the widget by its integrity, without the loader', async () => {
  const { digest, integrity } = widgetFile();
  site.head = '';
  site.end = `<script src="${spaceUrl}/widget-${digest}.js" integrity="${integrity}" crossorigin></script>`;
  const book = await visit();
  await askInPanel(book, `${question} (pinned)`);
  expect(await book.panel.locator('.answer h2').textContent()).toBe('Sources');
});

test('the first loader that was ever written to a site works with this widget', async () => {
  site.loader = readFileSync('test/fixtures/widget/first-loader.js', 'utf8');
  const book = await visit();
  await askInPanel(book, `${question} (first loader)`);
  expect(await book.panel.locator('.answer h2').textContent()).toBe('Sources');
  await book.panel.locator('.answer > ol a').first().click();
  await expect.poll(() => markedText(book.page)).not.toBeNull();
});

test('in the text of a page it is shown in its place, and opens there', async () => {
  site.end = '<book-chat inline heading="Ask"></book-chat>';
  const book = await visit({ width: 800 });
  await book.launcher.click();
  await book.panel.waitFor();
  expect(await book.page.locator('book-chat').count()).toBe(1);
  expect(await book.panel.getByRole('button', { name: 'Close' }).count()).toBe(0);
  await askInPanel(book, `${question} (inline)`);
  await still('widget-inline', book.page);
});
