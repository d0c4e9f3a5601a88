/**
 * The server as a Vercel Function: `(request, response)` instead of a socket. The platform starts as many processes as it
 * needs, runs each only while it answers, and ends it with SIGTERM, half a second before it is killed.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { appOptions } from './app-options.ts';
import { buildApp, type App } from './app.ts';
import { readBookFile } from './collection/book-file.ts';
import { readSettings } from './contract.ts';
import { invalidSettingFailure } from './invalid-settings.ts';
import { portsFor } from './ports.ts';
import { withRedirectGuard } from './redirect-guard.ts';

/** What is open and unstored has to end in this time, in milliseconds. */
const shutdownMs = 400;

globalThis.fetch = withRedirectGuard(globalThis.fetch);
const starting = start();

/** Answers one request; what it leaves to do is done before the process is frozen. */
export default async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const closed = new Promise<void>((resolve) => void response.once('close', resolve));
  // Called at once: the platform knows by the call stack which request it belongs to.
  waitUntil(Promise.all([starting, closed]).then(([app]) => app.idle()));
  (await starting).routing(request, response);
}

async function start(): Promise<App> {
  const environment = readSettings(process.env);
  for (const { message, remedy } of environment.invalid.map(invalidSettingFailure))
    process.stderr.write(`${message} ${remedy}\n`);
  const readBundledBook = async () =>
    readBookFile(await readFile(join(__dirname, 'book.json'), 'utf8').catch(() => null));
  const ports = portsFor(environment.settings, { invalid: environment.invalid, readBundledBook });
  const app = buildApp(ports, {
    ...appOptions(environment),
    bookTitle: process.env['BOOK_TITLE'] ?? 'Your book',
    shutdownMs,
    // Vercel's proxies write the client's address, and drop what the client claims.
    isProxied: true,
    isFunction: true,
  });
  process.once('SIGTERM', () => void end(app));
  await app.ready();
  return app;

  async function end(ended: App): Promise<void> {
    await ended.close();
    await ports.conversationStore.close();
    process.exit(0);
  }
}

/** What the platform offers to the request at hand: https://vercel.com/docs/functions/functions-api-reference */
type RequestContext = { waitUntil?(work: Promise<unknown>): void };
type ContextReader = { get?(): RequestContext | undefined };

/** Keeps the process running until `work` has ended; without the platform's help, the work goes on as it can. */
function waitUntil(work: Promise<unknown>): void {
  const reader = (globalThis as Record<symbol, ContextReader | undefined>)[
    Symbol.for('@vercel/request-context')
  ];
  reader?.get?.()?.waitUntil?.(work);
}
