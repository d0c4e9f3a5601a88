/**
 * The server as a Vercel Function: `(request, response)` instead of a socket. The platform starts as many processes as it
 * needs, runs each only while it answers, and ends it with SIGTERM, half a second before it is killed.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Allotment } from './chat/budget/allotment.ts';
import { appOptions } from './app-options.ts';
import { buildApp, type App } from './app.ts';
import { readBookFile } from './collection/book-file.ts';
import { readSettings } from './contract.ts';
import { invalidSettingFailure } from './invalid-settings.ts';
import { logFailure } from './http/log-failure.ts';
import { allowSlowConnections } from './network/allow-slow-connections.ts';
import { portsFor } from './ports.ts';
import { withRedirectGuard } from './redirect-guard.ts';

/** What is open and unstored has to end in this time, in milliseconds. */
const shutdownMs = 400;

allowSlowConnections();
globalThis.fetch = withRedirectGuard(globalThis.fetch);
const starting = start();

type Running = { app: App; allotment: Allotment };

/** Answers one request; what it leaves to do is done before the process is frozen. */
export default async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const closed = new Promise<void>((resolve) => void response.once('close', resolve));
  // Called at once: the platform knows by the call stack which request it belongs to.
  waitUntil(Promise.all([starting, closed]).then(([running]) => settle(running)));
  const { app, allotment } = await starting;
  allotment.noteRequest();
  app.routing(request, response);
}

async function settle({ app, allotment }: Running): Promise<void> {
  await app.idle();
  await allotment.flushed();
}

async function start(): Promise<Running> {
  const environment = readSettings(process.env);
  for (const { message, remedy } of environment.invalid.map(invalidSettingFailure))
    process.stderr.write(`${message} ${remedy}\n`);
  const readBundledBook = async () =>
    readBookFile(await readFile(join(__dirname, 'book.json'), 'utf8').catch(() => null));
  const ports = portsFor(environment.settings, { invalid: environment.invalid, readBundledBook });
  const { settings } = environment;
  let log: App['log'] | null = null;
  const allotment = new Allotment({
    limits: { requests: settings.HOSTING_REQUESTS, cpuMinutes: settings.HOSTING_CPU_MINUTES },
    store: ports.functionUsage,
    now: Date.now,
    cpuMs: processorMs,
    log: (failure) => log !== null && logFailure(log, failure),
  });
  await allotment.preload();
  const app = buildApp(ports, {
    ...appOptions(environment),
    bookTitle: process.env['BOOK_TITLE'] ?? 'Your book',
    shutdownMs,
    // Vercel's proxies write the client's address, and drop what the client claims.
    isProxied: true,
    isFunction: true,
    allotment,
  });
  log = app.log;
  process.once('SIGTERM', () => void end());
  await app.ready();
  return { app, allotment };

  async function end(): Promise<void> {
    await Promise.all([app.close(), allotment.close({ ms: shutdownMs })]);
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

/** Processor time of this process since its start. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
