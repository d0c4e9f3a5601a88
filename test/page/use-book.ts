/** The book's own pages with the chat, in a browser: what a site with the one line of the loader serves. */
import axe from 'axe-core';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterEach, beforeEach } from 'vitest';
import { loaderFile } from '../../server/widget/loader/loader-file.ts';
import { localiseTexts } from '../../server/widget/translations/localise-texts.ts';
import { bookPage } from './book-page.ts';
import { spaceHost } from './edge.ts';
import { bookUrl, type Viewport } from './stage.ts';
import type { StageTools } from './use-stage.ts';

export const spaceUrl = `https://${spaceHost}`;
export const loaderLine = `<script defer src="/book-chat.js" data-server="${spaceUrl}"></script>`;
export const firstPage = '/docs/hardware/sensors';

export type BookSite = {
  head: string;
  end: string;
  language: string;
  loader: string;
  headers: Record<string, string>;
};

export type BookVisit = {
  context: BrowserContext;
  page: Page;
  /** Requests to the Space, by path. */
  requests: string[];
  errors: string[];
  launcher: Locator;
  panel: Locator;
};

export type BookTools = {
  site: BookSite;
  visit(viewport?: Viewport & { origin?: string; path?: string }): Promise<BookVisit>;
};

export function useBook({ stage }: StageTools): BookTools {
  const contexts: BrowserContext[] = [];
  const site: BookSite = { head: '', end: '', language: '', loader: '', headers: {} };
  beforeEach(() => {
    const loader = loaderFile(localiseTexts('en').texts);
    Object.assign(site, { head: loaderLine, end: '', language: 'en', loader, headers: {} });
    stage().edge.site = (request, response) => {
      const path = new URL(request.url ?? '/', bookUrl).pathname;
      if (path === '/favicon.ico') return void response.writeHead(204).end();
      if (path === '/book-chat.js')
        return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(site.loader);
      void pageOf(path).then((html) =>
        response.writeHead(200, { 'content-type': 'text/html', ...site.headers }).end(html),
      );
    };
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  async function pageOf(path: string): Promise<string> {
    const response = await fetch(`${stage().server.url}/pages${path.replace(/\/$/, '')}.md`);
    return bookPage({ markdown: await response.text(), ...site });
  }

  return {
    site,
    async visit({ width = 1280, height = 800, dark = false, origin = bookUrl, path = firstPage } = {}) {
      const context = await stage().browser.newContext({
        ignoreHTTPSErrors: true,
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
      });
      contexts.push(context);
      const page = await context.newPage();
      const [requests, errors]: [string[], string[]] = [[], []];
      page.on('request', (request) => {
        const { host, pathname } = new URL(request.url());
        if (host === spaceHost) requests.push(pathname);
      });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(origin + path, { waitUntil: 'load' });
      return {
        context,
        page,
        requests,
        errors,
        launcher: page.locator('book-chat .launcher'),
        panel: page.locator('book-chat .panel'),
      };
    },
  };
}

/** Opens the chat, asks, and waits for the answer. */
export async function askInPanel({ launcher, panel }: BookVisit, question: string): Promise<void> {
  if (!(await panel.isVisible())) await launcher.click();
  await panel.locator('#question').fill(question);
  await panel.locator('#question').press('Enter');
  await panel.locator('.answer:not([aria-busy])').last().waitFor();
}

/** The text that the page marks as cited; null without one. */
export function markedText(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const [range] = CSS.highlights.get('book-chat-citation') ?? [];
    return range === undefined ? null : (range as Range).toString();
  });
}

/** What axe-core finds, in all shadow roots. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }
    ).axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`,
    );
  });
}

type AxeViolation = { id: string; nodes: { html: string }[] };
