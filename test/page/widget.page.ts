import { expect, test } from 'vitest';
import { bookTitle, bookUrl } from './stage.ts';
import { askInPanel, findViolations, markedText, useBook } from './use-book.ts';
import { useStage } from './use-stage.ts';

const tools = useStage();
const { stage, still } = tools;
const { site, visit } = useBook(tools);

test('reading a page asks the server nothing; pointing at the button loads the chat', async () => {
  const { page, requests, launcher } = await visit();
  await launcher.waitFor();
  await page.mouse.wheel(0, 600);
  await page.waitForTimeout(300);
  expect(requests).toEqual([]);
  await launcher.hover();
  await expect.poll(() => requests).toEqual(['/widget.js', '/api/widget']);
  expect(await page.context().cookies()).toEqual([]);
});

test('nothing moves, and the page is blocked for less than 50 ms, while the chat loads and opens', async () => {
  const { page, launcher, panel } = await visit();
  await page.evaluate(() => {
    const seen = { shift: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  // The processor time of the page's scripts: how long a task takes depends on what else the machine does.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const scriptMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Infinity) * 1000;
  };
  await launcher.waitFor();
  const loaderMs = await scriptMs();
  expect(loaderMs).toBeLessThan(50);
  await launcher.click();
  await panel.waitFor();
  await page.waitForTimeout(300);
  expect((await scriptMs()) - loaderMs).toBeLessThan(50);
  expect(await page.evaluate(() => (globalThis as unknown as { seen: { shift: number } }).seen.shift)).toBe(
    0,
  );
});

test.for([
  ['How is the wind sensor mounted?', 'wind'],
  ['How long does a full battery last with no sun?', 'battery'],
  ['Where does the thermometer go?', 'thermometer'],
])('a source opens its section with the cited sentence marked: %s', async ([question], { expect: check }) => {
  const book = await visit();
  await askInPanel(book, question!);
  const link = book.panel.locator('.answer > ol a').first();
  const { sources } = await book.page.evaluate(
    () => JSON.parse(sessionStorage.getItem('book-chat') ?? '{}').turns[0],
  );
  const { quote, url } = sources[0] as { quote: string; url: string };
  check(quote.length).toBeGreaterThan(10);
  await link.click();
  await book.page.waitForURL(bookUrl + url);
  await check.poll(() => markedText(book.page)).not.toBeNull();
  const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '');
  check(letters((await markedText(book.page))!)).toBe(letters(quote));
  const isInView = await book.page.evaluate(() => {
    const [range] = CSS.highlights.get('book-chat-citation') ?? [];
    const { top = -1, bottom = -1 } = (range as Range | undefined)?.getBoundingClientRect() ?? {};
    return top >= 0 && bottom <= innerHeight;
  });
  await check.poll(() => isInView).toBe(true);
  // The conversation is still there, and the panel open.
  check(await book.panel.locator('.asked').allTextContents()).toEqual([question]);
  check(book.errors).toEqual([]);
});

test('a source that does not say what it is cited for is marked', async () => {
  const pieces = ['A licensed painter renews the blue colour each spring and sends an invoice. [Source 1]'];
  stage().vendors.gemini.controls['script']!({ pieces });
  const book = await visit();
  await askInPanel(book, 'What has to be done to the pipe of the mast?');
  expect(await book.panel.locator('.answer > ol > li').first().textContent()).toContain('may not say this');
});

test.for(['**/widget.js', '**/api/widget*'])(
  'a press opens the chat although the widget arrives before it ends: %s',
  async (slow) => {
    const { page, launcher, panel } = await visit();
    const { x = 0, y = 0, width = 0, height = 0 } = (await launcher.boundingBox()) ?? {};
    let press = (): void => undefined;
    const isPressed = new Promise<void>((resolve) => void (press = resolve));
    // Before the button is pointed at, which loads the widget.
    await page.route(slow, async (route) => {
      await page.mouse.down();
      press();
      await route.continue();
    });
    await page.mouse.move(x + width / 2, y + height / 2);
    await isPressed;
    await page.waitForFunction(() =>
      document.querySelector('book-chat')?.shadowRoot?.querySelector('.panel'),
    );
    await page.mouse.up();
    await panel.waitFor();
  },
);

test('a conversation goes on after a reload, and a new one begins empty', async () => {
  const book = await visit();
  await askInPanel(book, 'How high is the rain gauge?');
  await book.page.reload();
  await book.panel.locator('.answer').waitFor();
  await book.panel.getByRole('button', { name: 'New conversation' }).click();
  expect(await book.panel.locator('.answer').count()).toBe(0);
  expect(await book.panel.locator('.samples button').count()).toBe(3);
  await book.panel.getByRole('button', { name: 'Close' }).click();
  await book.page.reload();
  await book.page.waitForTimeout(500);
  expect(await book.panel.count()).toBe(0);
});

test('a sample question is asked with a click', async () => {
  const book = await visit();
  await book.launcher.click();
  await book.panel.locator('.samples button').first().click();
  await book.panel.locator('.answer:not([aria-busy])').waitFor();
  expect(await book.panel.locator('.asked').textContent()).toMatch(/^What does the book say about “.+”\?$/);
});

test('the keyboard alone asks, opens a source and returns', async () => {
  const { page, panel, launcher } = await visit();
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement?.shadowRoot?.activeElement;
      return element?.id || element?.getAttribute('aria-label') || element?.textContent || '';
    });
  await launcher.focus();
  await page.keyboard.press('Enter');
  await panel.waitFor();
  await expect.poll(focused).toBe('question');
  await page.keyboard.type('How is the wind sensor mounted?');
  await page.keyboard.press('Enter');
  await panel.locator('.answer:not([aria-busy])').waitFor();
  const visited = new Set<string>();
  for (let step = 0; step < 25; step += 1) {
    await page.keyboard.press('Tab');
    visited.add(await focused());
  }
  // The focus stays in the panel and reaches everything in it.
  expect([...visited]).toEqual(expect.arrayContaining(['question', 'Close', 'New conversation']));
  expect(visited.has('')).toBe(false);
  for (let step = 0; step < 25 && !(await focused()).startsWith('Source 1'); step += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => markedText(page)).not.toBeNull();
  await page.goBack();
  await panel.waitFor();
  await panel.locator('#question').focus();
  await page.keyboard.press('Escape');
  expect(await panel.isVisible()).toBe(false);
  expect(await focused()).toMatch(/Ask the book/);
});

test.for<[string, { width?: number; dark?: boolean }, string]>([
  ['light', {}, 'en'],
  ['dark', { dark: true }, 'en'],
  ['narrow', { width: 320 }, 'de'],
  ['narrow dark', { width: 320, dark: true }, 'en'],
  ['right to left', { width: 360, dark: true }, 'ar'],
])('axe finds nothing, closed, open and answered: %s', async ([name, viewport, language]) => {
  site.language = language;
  const book = await visit({ ...viewport, height: 700 });
  const { page, launcher, panel } = book;
  await launcher.waitFor();
  expect(await findViolations(page)).toEqual([]);
  await launcher.click();
  await panel.waitFor();
  await still(`widget-open-${name}`, page);
  expect(await findViolations(page)).toEqual([]);
  await askInPanel(book, `How is the wind sensor mounted? (${name})`);
  await still(`widget-answer-${name}`, page);
  expect(await findViolations(page)).toEqual([]);
  const { x = -1, width = 0 } = (await panel.boundingBox()) ?? {};
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(viewport.width ?? 1280);
  const scroll = panel.locator('.scroll');
  expect(await scroll.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
});

test('the theme of Docusaurus is followed while it changes', async () => {
  const { page, launcher, panel } = await visit();
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  await launcher.click();
  await panel.waitFor();
  const paper = () => panel.evaluate((element) => getComputedStyle(element).backgroundColor);
  const dark = await paper();
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  await expect.poll(paper).not.toBe(dark);
  expect(await panel.locator('h2').first().textContent()).toBe(bookTitle);
});

test('a selected text is asked about', async () => {
  const book = await visit();
  const { page, launcher, panel } = book;
  await page.locator('main p').first().selectText();
  expect(await launcher.textContent()).toBe('Ask about this');
  await launcher.click();
  await panel.waitFor();
  expect(await panel.locator('.chip').textContent()).toMatch(/^About your selection: /);
  await still('widget-selection', page);
  const sent = page.waitForRequest(/\/api\/chat$/);
  await askInPanel(book, 'What does this mean?');
  const body = (await sent).postDataJSON() as Record<string, unknown>;
  expect(body).toMatchObject({ mode: 'selection', page: await page.title() });
  expect(body['context']).toBe((await page.locator('main p').first().innerText()).trim());
  expect(stage().vendors.record.list().length).toBeGreaterThan(0);
});

test('an answer is rated, and the rating is shown after a reload', async () => {
  const book = await visit();
  await askInPanel(book, 'How is the rain gauge levelled?');
  const button = book.panel.getByRole('button', { name: 'This helped' });
  const stored = book.page.waitForResponse(/\/api\/feedback$/);
  await button.click();
  expect((await stored).status()).toBe(200);
  await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
  await book.page.reload();
  await book.panel.locator('.answer').waitFor();
  expect(await button.getAttribute('aria-pressed')).toBe('true');
});
