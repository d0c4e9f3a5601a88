import { expect, test } from 'vitest';
import { spaceHost, strangerHost } from './edge.ts';
import { findBarriers } from './find-barriers.ts';
import { useStage } from './use-stage.ts';
import { bookTitle, bookUrl, type Viewport } from './stage.ts';

const question = 'How is the wind sensor mounted?';
const { stage, open, ask, answered, still } = useStage();

test('in the Hub’s frame it loads without an error, with the book’s title, under 50 KB', async () => {
  const { page, frame, errors } = await open();
  expect(await frame.textContent('h1')).toBe(bookTitle);
  expect(frame.url()).toBe(`https://${spaceHost}/`);
  expect(new URL(page.url()).hostname).not.toBe(spaceHost);
  expect(await frame.locator('#services li[data-state=good]').allTextContents()).toEqual([
    'Search works',
    'Model works',
    'History works',
  ]);
  expect(errors).toEqual([]);
  const response = await fetch(stage().server.url, { headers: { accept: 'text/html' } });
  expect((await response.text()).length).toBeLessThan(50_000);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(
    await frame.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name)),
  ).toEqual(expect.arrayContaining([`https://${spaceHost}/api/health`]));
  await still('empty-light');
});

test('no other site may frame it', async () => {
  const stranger = await open({}, strangerHost);
  expect(await stranger.frame.locator('#question').count()).toBe(0);
  expect(stranger.errors.join()).toMatch(/frame-ancestors/);
});

test('a script that is not its own does not run', async () => {
  const { frame, errors } = await open();
  await frame.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken"';
    document.body.append(script);
  });
  expect(await frame.title()).not.toBe('taken');
  expect(errors.join()).toMatch(/script-src/);
});

test('an answer is streamed, cites, and its sources link to the book', async () => {
  const { frame, errors } = await open();
  const lengths: number[] = [];
  await ask(question);
  const first = await frame.waitForFunction(
    () => document.querySelector('.answer[aria-busy=true] .text:not(:empty)')?.textContent.length,
  );
  lengths.push((await first.jsonValue())!);
  await still('streaming-light');
  await answered();
  lengths.push((await frame.textContent('.answer .text'))!.length);
  expect(lengths[1]).toBeGreaterThan(lengths[0]!);
  expect(await frame.textContent('.asked')).toBe(question);
  expect(await frame.locator('.answer .cite').count()).toBeGreaterThan(0);
  expect(await frame.textContent('.answer h2')).toBe('Sources');
  const link = frame.locator('.answer > ol a').first();
  expect(await link.getAttribute('href')).toMatch(new RegExp(`^${bookUrl}/docs/[^#]+#.+`));
  expect(await link.getAttribute('target')).toBe('_blank');
  const mark = frame.locator('.answer a.cite').first();
  expect(await mark.getAttribute('href')).toBe(await link.getAttribute('href'));
  expect(await mark.getAttribute('aria-label')).toBe(`Source 1: ${await link.textContent()}`);
  expect(errors).toEqual([]);
  await still('answer-light');
});

test('the question that the README shows', async () => {
  const { frame } = await open({ width: 820, height: 640 });
  await ask('How long does a full battery last with no sun?');
  await answered();
  expect(await frame.locator('.answer .cite').count()).toBeGreaterThan(0);
  await frame.evaluate(() => scrollTo({ top: 0 }));
  await still('picture');
});

test('it can be used with the keyboard alone, and the focus is visible', async () => {
  const { page, frame } = await open();
  const focused = () =>
    frame.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return '';
      return element.id || element.textContent?.trim() || element.tagName;
    });
  await frame.focus('.skip');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('question');
  await page.keyboard.type('How is the wind');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('sensor mounted?');
  expect(await frame.inputValue('#question')).toBe('How is the wind\nsensor mounted?');
  await page.keyboard.press('Enter');
  await answered();
  expect(await focused()).toBe('question');
  const passed: string[] = [];
  for (let step = 0; step < 24; step += 1) {
    await page.keyboard.press('Shift+Tab');
    const at = await focused();
    if (at !== '') passed.push(at);
    const outline = await frame.evaluate(() => {
      const element = document.activeElement;
      const shown = element instanceof HTMLTextAreaElement ? element.parentElement : element;
      return shown === null || shown === document.body ? 'none' : getComputedStyle(shown).outlineStyle;
    });
    if (at !== '') expect([at, outline]).toEqual([at, 'solid']);
  }
  expect(passed).toContain('Read the book');
  expect(passed.join()).toMatch(/Also read/);
  await still('focus-light');
});

test.each<[string, Viewport]>([
  ['light', {}],
  ['dark', { dark: true }],
  ['narrow-light', { width: 360, height: 640, scale: 2 }],
  ['narrow-dark', { width: 360, height: 640, scale: 2, dark: true }],
])('it is accessible: %s', async (name, viewport) => {
  const { frame } = await open(viewport);
  expect(await frame.evaluate(findBarriers)).toEqual([]);
  await ask(question);
  await answered();
  await frame.evaluate(() => document.querySelector('details')?.setAttribute('open', ''));
  await still(`whole-${name}`);
  expect(await frame.evaluate(findBarriers)).toEqual([]);
});

test('the accessibility check finds problems', async () => {
  const { frame } = await open();
  await frame.evaluate(() => {
    document.querySelector('label')?.remove();
    document.querySelector('h1')!.style.color = '#ccc';
    document.querySelector('main')!.style.width = '3000px';
    document.querySelector('button')!.textContent = '';
  });
  const barriers = (await frame.evaluate(findBarriers)).map(({ what }) => what);
  expect(barriers).toEqual(
    expect.arrayContaining([
      'no label',
      'no name',
      'wider than the screen',
      expect.stringMatching(/^contrast 1/),
    ]),
  );
});

test("a model's Markdown is rendered, its HTML is text, and it links only to the book", async () => {
  const pieces = [
    '## Mounting\n\nUse the **mast** and `M6`:\n\n1. Drill\n2. Bolt [Source 1]\n\n- *level*\n- firm\n\n',
    '```\nconst a = "<b>";\n```\n\n<img src=x onerror="document.title=1"> [evil](javascript:alert(1)) ',
    '[out](https://evil.example/) > no\n> A quote.',
  ];
  stage().vendors.gemini.controls['script']!({ pieces });
  const { frame, errors } = await open();
  // Not a question of another test: its answer would be sent again.
  await ask('How is the mast mounted?');
  await answered();
  const text = frame.locator('.answer .text');
  expect(await text.locator('ol > li').allTextContents()).toEqual(['Drill', 'Bolt1']);
  expect(await text.locator('ul > li em').textContent()).toBe('level');
  expect(await text.locator('strong').textContent()).toBe('mast');
  expect(await text.locator('pre code').textContent()).toBe('const a = "<b>";');
  expect(await text.locator('img, a:not(.cite)').count()).toBe(0);
  expect(await text.locator('.heading').textContent()).toBe('Mounting');
  expect(await frame.title()).toBe(`${bookTitle}: ask the book`);
  expect(errors).toEqual([]);
  await still('markdown-light');
});

test('a source that does not say what it is cited for is marked', async () => {
  const pieces = [
    'The pipe is bolted to the wall. [Source 1] A licensed painter renews its blue colour each spring and sends an invoice. [Source 2]',
  ];
  stage().vendors.gemini.controls['script']!({ pieces });
  const { frame } = await open();
  await ask('How is the pipe of the mast held?');
  await answered();
  const rows = await frame.locator('.answer > ol > li').allTextContents();
  expect(rows.map((row) => row.includes('may not say this'))).toContain(true);
  expect(rows[1]).toContain('may not say this');
  await still('unsupported-light');
});

test('an off-topic question is refused with a sentence and the nearest sections', async () => {
  const { frame } = await open();
  await ask('Best recipe for chocolate cake?');
  await answered();
  expect(await frame.textContent('.answer .text')).toMatch(/couldn't find/);
  expect(await frame.textContent('.answer h2')).toBe('Nearest in the book');
  await still('refused-light');
});
