import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { openBrowser, type BrowserTab } from './open-browser.ts';
import { focusField, openWidget, pressSend, readPageText } from './page-scripts.ts';

/** What a reader sees after asking: the text that came, and the links that came with it. */
export type ShownAnswer = { text: string; links: readonly string[] };

const answerMs = 60_000;
const quietMs = 2_000;
const pollMs = 250;

/**
 * Opens a page in a Chromium, asks a question in its chat, and waits until no more text comes. Null where the page
 * shows no chat. Throws an Error where the browser fails.
 */
export async function askInChat({
  chromium,
  url,
  question,
  signal,
}: {
  chromium: string;
  url: string;
  question: string;
  signal: AbortSignal;
}): Promise<ShownAnswer | null> {
  const page = await openBrowser(chromium, signal);
  try {
    await load(page, url);
    if (!(await reachField(page))) return null;
    const before = await readText(page);
    await page.send('Input.insertText', { text: question });
    await press(page, 'Enter');
    await sleep(1_000, undefined, { signal });
    // Where Enter does not send, the question is still in the field and nowhere else.
    if (!(await readText(page)).text.includes(question)) await evaluate(page, pressSend);
    return await awaitAnswer(page, { before, question, signal });
  } finally {
    await page.close();
  }
}

async function load(page: BrowserTab, url: string): Promise<void> {
  const loaded = new Promise<void>((resolve) => page.on('Page.loadEventFired', () => resolve()));
  await page.send('Page.enable');
  await page.send('Page.navigate', { url });
  await Promise.race([loaded, sleep(answerMs)]);
  // The page's scripts take over what the server rendered.
  await sleep(1_500);
}

async function reachField(page: BrowserTab): Promise<boolean> {
  for (let tries = 0; tries < 4; tries += 1) {
    if ((await evaluate(page, focusField)) === true) return true;
    if ((await evaluate(page, openWidget)) !== true) return false;
    await sleep(800);
  }
  return false;
}

async function press(page: BrowserTab, key: string): Promise<void> {
  const event = { key, code: key, windowsVirtualKeyCode: 13, text: '\r' };
  await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
}

const evaluated = z.looseObject({ result: z.looseObject({ value: z.unknown().optional() }) });

async function evaluate(page: BrowserTab, expression: string): Promise<unknown> {
  const result = await page.send('Runtime.evaluate', { expression, returnByValue: true });
  return evaluated.parse(result).result.value;
}

const pageText = z.object({ text: z.string(), links: z.array(z.string()) });

async function readText(page: BrowserTab): Promise<ShownAnswer> {
  return pageText.parse(await evaluate(page, readPageText));
}

async function awaitAnswer(
  page: BrowserTab,
  { before, question, signal }: { before: ShownAnswer; question: string; signal: AbortSignal },
): Promise<ShownAnswer> {
  let shown = before;
  let quiet = 0;
  for (let waited = 0; waited < answerMs; waited += pollMs) {
    await sleep(pollMs, undefined, { signal });
    const now = await readText(page);
    quiet = now.text === shown.text ? quiet + pollMs : 0;
    shown = now;
    const added = addedText(before.text, shown.text).replace(question, '');
    if (added.trim().length > 40 && quiet >= quietMs) break;
  }
  return {
    text: addedText(before.text, shown.text).replace(question, '').trim(),
    links: shown.links.filter((link) => !before.links.includes(link)),
  };
}

/** The lines that were not there before. */
function addedText(before: string, after: string): string {
  const old = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !old.has(line))
    .join('\n');
}
