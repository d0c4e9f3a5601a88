import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findBarriers } from './look-at.ts';
import { spaceHost, strangerHost } from './edge.ts';
import { bookTitle, bookUrl, openStage, type Look, type Seen, type Stage } from './stage.ts';

const { PAGE_CHROMIUM = '', PAGE_STILLS = '' } = process.env;
const question = 'How is the wind sensor mounted?';

let stage: Stage;
let seen: Seen | null = null;

beforeAll(async () => {
  if (PAGE_STILLS !== '') mkdirSync(PAGE_STILLS, { recursive: true });
  stage = await openStage(PAGE_CHROMIUM);
});
afterAll(() => stage?.close());
afterEach(async () => {
  stage.edge.instead = null;
  stage.vendors.faults.clear();
  stage.vendors.gemini.knobs['script']!(null);
  await seen?.context.close();
  seen = null;
});

async function open(look?: Look): Promise<Seen> {
  seen = await stage.framed(look);
  await seen.frame.waitForSelector('#services li[data-state=good], #services li[data-state=bad]');
  return seen;
}

async function still(name: string): Promise<void> {
  if (PAGE_STILLS === '' || seen === null) return;
  await seen.page.screenshot({ path: join(PAGE_STILLS, `${name}.png`) });
}

async function askIn({ frame }: Seen, text: string): Promise<void> {
  await frame.fill('#question', text);
  await frame.press('#question', 'Enter');
}

const answered = ({ frame }: Seen) => frame.waitForSelector('.answer:not([aria-busy]):last-of-type');

test('in the frame of the Hub it loads without an error, in the name of the book, under 50 KB', async () => {
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
  const response = await fetch(stage.server.url, { headers: { accept: 'text/html' } });
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
  seen = await stage.framed({}, strangerHost);
  expect(await seen.frame.locator('#question').count()).toBe(0);
  expect(seen.errors.join()).toMatch(/frame-ancestors/);
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

test('an answer grows before the eyes, cites, and its sources lead into the book', async () => {
  const { frame, errors } = await open();
  const lengths: number[] = [];
  await askIn(seen!, question);
  await frame.waitForSelector('.answer[aria-busy=true] .text:not(:empty)');
  lengths.push((await frame.textContent('.answer .text'))!.length);
  await still('streaming-light');
  await answered(seen!);
  lengths.push((await frame.textContent('.answer .text'))!.length);
  expect(lengths[1]).toBeGreaterThan(lengths[0]!);
  expect(await frame.textContent('.asked')).toBe(question);
  expect(await frame.locator('.answer .cite').count()).toBeGreaterThan(0);
  expect(await frame.textContent('.answer h2')).toBe('Sources');
  const link = frame.locator('.answer > ol a').first();
  expect(await link.getAttribute('href')).toMatch(new RegExp(`^${bookUrl}/docs/[^#]+#.+`));
  expect(await link.getAttribute('target')).toBe('_blank');
  await frame.click('.answer .cite >> nth=0');
  expect(await frame.evaluate(() => document.querySelector('li:target a')?.textContent)).toBe(
    await link.textContent(),
  );
  expect(errors).toEqual([]);
  await still('answer-light');
});

test('the question that the README shows', async () => {
  const { frame } = await open({ width: 820, height: 640 });
  await askIn(seen!, 'How long does a full battery last with no sun?');
  await answered(seen!);
  expect(await frame.locator('.answer .cite').count()).toBeGreaterThan(0);
  await frame.evaluate(() => scrollTo({ top: 0 }));
  await still('picture');
});

test('it can be used with the keyboard alone, and what has the focus is seen', async () => {
  const { page, frame } = await open();
  const focused = () =>
    frame.evaluate(() => {
      const one = document.activeElement;
      return one === null || one === document.body ? '' : one.id || one.textContent?.trim() || one.tagName;
    });
  await frame.focus('.skip');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('question');
  await page.keyboard.type('How is the wind');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('sensor mounted?');
  expect(await frame.inputValue('#question')).toBe('How is the wind\nsensor mounted?');
  await page.keyboard.press('Enter');
  await answered(seen!);
  expect(await focused()).toBe('question');
  const passed: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Shift+Tab');
    const at = await focused();
    if (at !== '') passed.push(at);
    const outline = await frame.evaluate(() => {
      const one = document.activeElement;
      const shown = one instanceof HTMLTextAreaElement ? one.parentElement : one;
      return shown === null || shown === document.body ? 'none' : getComputedStyle(shown).outlineStyle;
    });
    if (at !== '') expect([at, outline]).toEqual([at, 'solid']);
  }
  expect(passed).toContain('Read the book');
  expect(passed.join()).toMatch(/Also read/);
  await still('focus-light');
});

test.each<[string, Look]>([
  ['light', {}],
  ['dark', { dark: true }],
  ['narrow-light', { width: 360, height: 640, scale: 2 }],
  ['narrow-dark', { width: 360, height: 640, scale: 2, dark: true }],
])('it keeps no one out: %s', async (name, look) => {
  const { frame } = await open(look);
  expect(await frame.evaluate(findBarriers)).toEqual([]);
  await askIn(seen!, question);
  await answered(seen!);
  await frame.evaluate(() => document.querySelector('details')?.setAttribute('open', ''));
  await still(`whole-${name}`);
  expect(await frame.evaluate(findBarriers)).toEqual([]);
});

test('the look at barriers finds them', async () => {
  const { frame } = await open();
  await frame.evaluate(() => {
    document.querySelector('label')?.remove();
    document.querySelector('h1')!.style.color = '#ccc';
    document.querySelector('main')!.style.width = '3000px';
    document.querySelector('button')!.textContent = '';
  });
  const found = (await frame.evaluate(findBarriers)).map(({ what }) => what);
  expect(found).toEqual(
    expect.arrayContaining([
      'no label',
      'no name',
      'wider than the screen',
      expect.stringMatching(/^contrast 1/),
    ]),
  );
});

test("a model's Markdown is drawn, its markup is text, and it leads nowhere but into the book", async () => {
  const pieces = [
    '## Mounting\n\nUse the **mast** and `M6`:\n\n1. Drill\n2. Bolt [Source 1]\n\n- *level*\n- firm\n\n',
    '```\nconst a = "<b>";\n```\n\n<img src=x onerror="document.title=1"> [evil](javascript:alert(1)) ',
    '[out](https://evil.example/) > no\n> A quote.',
  ];
  stage.vendors.gemini.knobs['script']!({ pieces });
  const { frame, errors } = await open();
  await askIn(seen!, question);
  await answered(seen!);
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

test('what is not in the book is refused in words, with the nearest sections', async () => {
  const { frame } = await open();
  await askIn(seen!, 'Best recipe for chocolate cake?');
  await answered(seen!);
  expect(await frame.textContent('.answer .text')).toMatch(/couldn't find/);
  expect(await frame.textContent('.answer h2')).toBe('Nearest in the book');
  await still('refused-light');
});

test('an answer can be stopped, and asked again', async () => {
  stage.vendors.gemini.knobs['script']!({ pieces: ['One ', 'two '], ending: 'hang', delayMs: 50 });
  const { frame } = await open();
  await askIn(seen!, question);
  await frame.waitForFunction(() => document.querySelector('.answer .text')?.textContent?.includes('two'));
  await frame.click('#stop');
  await answered(seen!);
  expect(await frame.textContent('.answer .text')).toMatch(/One two\s*Stopped\./);
  stage.vendors.gemini.knobs['script']!(null);
  await frame.click('.failed button');
  await frame.waitForSelector('.answer >> nth=1 >> h2');
});

test.each<[string, (stage: Stage) => void, RegExp]>([
  [
    'broken-off',
    ({ vendors }) => vendors.gemini.knobs['script']!({ pieces: ['One '], ending: 'cut' }),
    /One\s+The assistant cannot answer just now/,
  ],
  [
    'asleep',
    ({ edge }) => {
      edge.instead = ({ method }, response) => {
        if (method === 'POST')
          response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Sleeping</h1>');
        return method === 'POST';
      };
    },
    /cannot be reached just now/,
  ],
  [
    'unreachable',
    ({ edge }) => {
      edge.instead = ({ method }, response) => {
        if (method === 'POST') response.destroy();
        return method === 'POST';
      };
    },
    /cannot be reached just now/,
  ],
])('a failure is said in words, and the question can be asked again: %s', async (name, fail, words) => {
  const { frame } = await open();
  fail(stage);
  await askIn(seen!, question);
  await answered(seen!);
  const text = await frame.textContent('.answer .text');
  expect(text).toMatch(words);
  expect(text).not.toMatch(/fetch|Unexpected|JSON|Error|</);
  expect(await frame.textContent('.failed button')).toBe('Ask again');
  await still(`failed-${name}`);
});

test('a service that is away is named, in words beside its colour', async () => {
  const body = {
    status: 'degraded',
    services: {
      qdrant: { status: 'connected' },
      postgres: { status: 'connected' },
      gemini: { status: 'x', error: 'Gemini does not answer.' },
    },
    failed_services: ['gemini'],
  };
  stage.edge.instead = ({ url }, response) => {
    if (url === '/api/health')
      response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return url === '/api/health';
  };
  const { frame } = await open({ dark: true });
  expect(await frame.locator('#services li[data-state=bad]').textContent()).toBe('Model is away');
  expect(await frame.textContent('#note')).toBe(
    'Answers are quotations from the book just now. (Gemini does not answer.)',
  );
  expect(await frame.evaluate(findBarriers)).toEqual([]);
  await still('degraded-dark');
});
