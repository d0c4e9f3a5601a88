/** The sample book indexed, its server running as in a Space, and a browser. */
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { syncBook } from '../../indexer/sync/sync-book.ts';
import { defaults } from '../../server/contract.ts';
import { runBundle, type BundleProcess } from '../server/running-bundle.ts';
import { untilHealth } from '../server/start-server.ts';
import { startVendors, type Vendors } from '../server/vendors.ts';
import { hubHost, spaceHost, startEdge, type Edge } from './edge.ts';

export const bookTitle = 'The Backyard Weather Station';
export const bookUrl = 'https://backyard-weather.example.com';

export type Viewport = { width?: number; height?: number; dark?: boolean; scale?: number };
export type OpenPage = { context: BrowserContext; page: Page; frame: Frame; errors: string[] };

export type Stage = {
  vendors: Vendors;
  server: BundleProcess;
  edge: Edge;
  browser: Browser;
  /** The Space in the Hub's frame. */
  framed(viewport?: Viewport, host?: string): Promise<OpenPage>;
  close(): Promise<void>;
};

async function indexBook({ gemini, qdrant }: Vendors, dir: string): Promise<void> {
  const { signal } = new AbortController();
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error(`There is no book in ${dir}.`);
  const book = await readBook({ site, signal });
  const { apiKey, url } = qdrant;
  const store = createQdrantStore({ url, apiKey, collection: defaults.collection });
  const model = { model: defaults.embeddingModel, dimensions: defaults.dimensions };
  const embedder = createGeminiEmbedder({ apiKey: gemini.apiKey, baseUrl: gemini.url, ...model });
  const work = syncBook({ book, store, embedder, now: Date.now, sleep: async () => undefined, signal });
  while ((await work.next()).done !== true);
}

export type BookServer = { vendors: Vendors; server: BundleProcess; close(): Promise<void> };

export const sampleBook = 'sandbox/book';

/** The book of a folder indexed, and its server. */
export async function startBookServer(
  settings: Record<string, string> = {},
  dir = sampleBook,
): Promise<BookServer> {
  const vendors = await startVendors();
  await indexBook(vendors, dir);
  vendors.gemini.controls['paceMs']!(25);
  const usual = { SPACE_TITLE: bookTitle, ALLOWED_ORIGINS: bookUrl, LOG_LEVEL: 'warn' };
  const server = await runBundle({ ...vendors.environment, ...usual, ...settings });
  await untilHealth(server.url, 'healthy');
  const close = async (): Promise<void> => {
    await server.close();
    await vendors.close();
  };
  return { vendors, server, close };
}

export async function openStage(
  executablePath: string,
  settings: Record<string, string> = {},
  dir = sampleBook,
): Promise<Stage> {
  const { vendors, server, close } = await startBookServer(settings, dir);
  const edge = await startEdge(server.url);
  const rules = `MAP *:443 127.0.0.1:${edge.port}`;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [...args, `--host-resolver-rules=${rules}`],
  });
  return {
    vendors,
    server,
    edge,
    browser,
    framed: (viewport, host) => openFramed(browser, viewport, host),
    async close() {
      await browser.close();
      await edge.close();
      await close();
    },
  };
}

async function openFramed(
  browser: Browser,
  { width = 1100, height = 800, dark = false, scale = 1 }: Viewport = {},
  host: string = hubHost,
): Promise<OpenPage> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    deviceScaleFactor: scale,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(`https://${host}/spaces/ana/book-chat`, { waitUntil: 'load' });
  const frame = page.frames().find((candidate) => candidate.parentFrame() !== null);
  if (frame === undefined) throw new Error(`No frame of ${spaceHost} was opened.`);
  return { context, page, frame, errors };
}
