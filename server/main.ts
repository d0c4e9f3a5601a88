/**
 * The server's process: socket, environment, ports, shutdown. Only this file
 * and `function.ts` touch `process`. It listens first and then loads the rest in parts, so that health checks are answered in between.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ports } from './app.ts';
import type { InvalidSetting, ServerSettings } from './contract.ts';
import { openEarlyListener, type EarlyListener } from './http/early-listener.ts';
import { allowSlowConnections } from './network/allow-slow-connections.ts';
import { hasProxy } from './network/proxy-for.ts';
import { withRedirectGuard } from './redirect-guard.ts';

async function main(): Promise<void> {
  const [host, port] = [readSetting('HOST', '0.0.0.0'), Number(readSetting('PORT', '7860'))];
  const listener = await openEarlyListener({ host, port });
  allowSlowConnections();
  try {
    // It loads TLS, which would delay the start of every server without a proxy.
    if (hasProxy(process.env)) (await import('./network/install-proxy.ts')).installProxy(process.env);
    globalThis.fetch = withRedirectGuard(globalThis.fetch);
    const environment = await readEnvironment();
    return await serve({ ...environment, ports: await connect(environment), listener });
  } catch (error) {
    failStart(`The server cannot start (${errorCode(error)}).`);
  }
  await listener.close();
}

/** For the two settings that are needed before the code that validates the environment is loaded. */
function readSetting(name: string, fallback: string): string {
  const value = process.env[name]?.trim() ?? '';
  return value === '' ? fallback : value;
}

/** Loads a module after pending requests had a turn. */
async function loadAfterTurn<T>(load: () => Promise<T>): Promise<T> {
  await nextTurn();
  return load();
}

type EnvironmentSettings = { settings: ServerSettings; invalid: InvalidSetting[] };
type ServeOptions = EnvironmentSettings & { ports: Ports; listener: EarlyListener };

/** A platform kills the process 10 s after SIGTERM (Docker's default), so everything has to end a little earlier. */
const shutdownMs = 9_300;

async function serve({ settings, invalid, ports, listener }: ServeOptions): Promise<void> {
  await loadAfterTurn(() => import('fastify'));
  const { buildApp } = await loadAfterTurn(() => import('./app.ts'));
  const { logFailure } = await import('./http/log-failure.ts');
  const { appOptions } = await import('./app-options.ts');
  const { default: closeWithGrace } = await loadAfterTurn(() => import('close-with-grace'));
  const app = buildApp(ports, {
    ...appOptions({ settings, invalid }),
    bookTitle: process.env['SPACE_TITLE'] ?? (await readTitle()) ?? 'Your book',
    shutdownMs,
    // The Hub sets it in every Space, which is reached through the Hub's proxies only.
    isProxied: process.env['SPACE_ID'] !== undefined,
  });
  closeWithGrace({ delay: shutdownMs + 400, logger: false }, async ({ err }) => {
    if (err !== undefined) logFailure(app.log, err, { level: 'error' });
    await app.close();
    await listener.close();
    await ports.conversationStore.close();
  });
  await app.ready();
  listener.attach((request, response) => app.routing(request, response), app.health);
}

/**
 * Reads the environment and prints a line for each missing or invalid variable: its name, never its value. The server
 * starts without it: a Space that reports in its health what is missing is more useful than one that crashed.
 */
async function readEnvironment(): Promise<EnvironmentSettings> {
  const { readSettings } = await loadAfterTurn(() => import('./contract.ts'));
  const environment = readSettings(process.env);
  const { invalidSettingFailure } = await import('./invalid-settings.ts');
  for (const { message, remedy } of environment.invalid.map(invalidSettingFailure))
    process.stderr.write(`${message} ${remedy}\n`);
  return environment;
}

function failStart(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

async function connect({ settings, invalid }: EnvironmentSettings): Promise<Ports> {
  const { portsFor } = await loadAfterTurn(() => import('./ports.ts'));
  const { readBookFile } = await import('./collection/book-file.ts');
  const readBundledBook = async () =>
    readBookFile(await readFile(bundledPath('book.json'), 'utf8').catch(() => null));
  return portsFor(settings, { invalid, readBundledBook });
}

/** The Space's title, from the front matter of the README that was uploaded with the server. */
async function readTitle(): Promise<string | undefined> {
  const text = await readFile(bundledPath('README.md'), 'utf8').catch(() => '');
  return /^title:\s*["']?(.+?)["']?\s*$/m.exec(text)?.[1];
}

/** The path of a file that was uploaded together with this one. */
function bundledPath(name: string): string {
  return join(dirname(process.argv[1] ?? '.'), name);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

const socketErrors: Partial<Record<string, string>> = {
  EADDRINUSE: 'The port is taken: set PORT to a free one.',
  ERR_SOCKET_BAD_PORT: 'PORT is invalid: set it to a number up to 65535.',
};

void main().catch((error: unknown) => {
  failStart(socketErrors[errorCode(error)] ?? `The server cannot start (${errorCode(error)}).`);
});
