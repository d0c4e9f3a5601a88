/**
 * The server's process: listening, environment, ports, closing. The only file here that touches `process`. It
 * listens first and loads the rest piece by piece, so that whoever asks meanwhile is answered.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Ports } from './app.ts';
import type { ServerEnvironment } from './contract.ts';
import { Failure } from './failure.ts';
import { openDoor, type Door } from './http/door.ts';
import { keyedFetch } from './keyed-fetch.ts';
import { version } from './version.ts';

const logLevels: Partial<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

async function main(): Promise<void> {
  const [host, port] = [setting('HOST', '0.0.0.0'), Number(setting('PORT', '7860'))];
  const door = await openDoor({ host, port });
  try {
    const environment = await readEnvironment();
    const ports = environment === null ? null : await connect(environment);
    if (environment !== null && ports !== null) return await serve({ environment, ports, door });
  } catch (error) {
    refuse(`The server cannot start (${codeOf(error)}).`);
  }
  await door.close();
}

/** Read before the environment is checked as a whole: the check needs what is loaded later. */
function setting(name: string, usual: string): string {
  const value = process.env[name]?.trim() ?? '';
  return value === '' ? usual : value;
}

/** Loads a part after whoever waits at the door had a turn. */
async function piece<T>(load: () => Promise<T>): Promise<T> {
  await turn();
  return load();
}

type Serving = { environment: ServerEnvironment; ports: Ports; door: Door };

async function serve({ environment, ports, door }: Serving): Promise<void> {
  await piece(() => import('fastify'));
  const { buildApp } = await piece(() => import('./app.ts'));
  const { logFailure } = await import('./http/log-failure.ts');
  const { default: closeWithGrace } = await piece(() => import('close-with-grace'));
  const app = buildApp(ports, {
    version,
    deploymentId: environment.DEPLOYMENT_ID ?? null,
    origins: environment.ALLOWED_ORIGINS,
    logLevel: logLevels[environment.LOG_LEVEL] ?? environment.LOG_LEVEL,
    bookTitle: process.env['SPACE_TITLE'] ?? (await readTitle()) ?? 'Your book',
    aliasRoutes: environment.CHAT_ALIAS_ROUTES,
    responseMode: environment.CHAT_RESPONSE_MODE,
    limits: {
      perAddress: environment.CHAT_PER_MINUTE,
      perConversation: environment.CHAT_PER_CONVERSATION_MINUTE,
      readsPerAddress: environment.CHAT_READS_PER_MINUTE,
      perDay: environment.CHAT_DAILY_BUDGET,
    },
    sessionKey: createHash('sha256').update(`conversation ids of ${environment.DATABASE_URL}`).digest(),
  });
  closeWithGrace({ delay: 900, logger: false }, async ({ err }) => {
    if (err !== undefined) logFailure(app.log, err, 'error');
    await app.close();
    await door.close();
    await ports.turns.close();
  });
  await app.ready();
  door.handOver((request, response) => app.routing(request, response));
}

/** One line for each variable that is missing or wrong: its name, never its value. */
async function readEnvironment(): Promise<ServerEnvironment | null> {
  const { serverEnvironment } = await piece(() => import('./contract.ts'));
  const parsed = serverEnvironment.safeParse(process.env);
  if (parsed.success) return parsed.data;
  for (const { path, code } of parsed.error.issues) {
    const name = String(path[0]);
    const missing = (process.env[name] ?? '').trim() === '';
    const why = missing ? 'is missing' : `is not usable (${code})`;
    refuse(`${name} ${why}. Set it in the Space's settings, or run: npx rag-space-setup`);
  }
  return null;
}

function refuse(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

async function connect(environment: ServerEnvironment): Promise<Ports | null> {
  const { portsFor } = await piece(() => import('./ports.ts'));
  const { readBookFile } = await import('./index/book-file.ts');
  const readBundledBook = async () =>
    readBookFile(await readFile(beside('book.json'), 'utf8').catch(() => null));
  try {
    return portsFor(environment, { readBundledBook });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    refuse(`${error.message} ${error.remedy}`);
    return null;
  }
}

/** The Space's own title, out of the front matter of the README that was uploaded with us. */
async function readTitle(): Promise<string | undefined> {
  const text = await readFile(beside('README.md'), 'utf8').catch(() => '');
  return /^title:\s*["']?(.+?)["']?\s*$/m.exec(text)?.[1];
}

/** A file that was uploaded together with this one. */
function beside(name: string): string {
  return join(dirname(process.argv[1] ?? '.'), name);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

const socketErrors: Partial<Record<string, string>> = {
  EADDRINUSE: 'The port is taken: set PORT to a free one.',
  ERR_SOCKET_BAD_PORT: 'PORT is not usable: set it to a number up to 65535.',
};

globalThis.fetch = keyedFetch(globalThis.fetch);
void main().catch((error: unknown) => {
  refuse(socketErrors[codeOf(error)] ?? `The server cannot start (${codeOf(error)}).`);
});
