/**
 * The server's process: listening, environment, ports, closing. The only file here that touches `process`. It
 * listens first and loads the rest piece by piece, so that whoever asks meanwhile is answered.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Ports } from './app.ts';
import type { ServerSettings, InvalidSetting } from './contract.ts';
import { openEarlyListener, type EarlyListener } from './http/early-listener.ts';
import { withRedirectGuard } from './redirect-guard.ts';
import { version } from './version.ts';

const logLevels: Partial<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

async function main(): Promise<void> {
  const [host, port] = [readSetting('HOST', '0.0.0.0'), Number(readSetting('PORT', '7860'))];
  const door = await openEarlyListener({ host, port });
  try {
    const { settings, unusable } = await readEnvironment();
    return await serve({ settings, unusable, ports: await connect({ settings, unusable }), door });
  } catch (error) {
    failStart(`The server cannot start (${errorCode(error)}).`);
  }
  await door.close();
}

/** Read before the environment is checked as a whole: the check needs what is loaded later. */
function readSetting(name: string, usual: string): string {
  const value = process.env[name]?.trim() ?? '';
  return value === '' ? usual : value;
}

/** Loads a part after whoever waits at the door had a turn. */
async function loadAfterTurn<T>(load: () => Promise<T>): Promise<T> {
  await turn();
  return load();
}

type EnvironmentSettings = { settings: ServerSettings; unusable: InvalidSetting[] };
type ServeOptions = EnvironmentSettings & { ports: Ports; door: EarlyListener };

async function serve({ settings, unusable, ports, door }: ServeOptions): Promise<void> {
  await loadAfterTurn(() => import('fastify'));
  const { buildApp } = await loadAfterTurn(() => import('./app.ts'));
  const { logFailure } = await import('./http/log-failure.ts');
  const { chatSettings } = await import('./chat/settings.ts');
  const { nonBlocking: harmless } = await import('./invalid-settings.ts');
  const { default: closeWithGrace } = await loadAfterTurn(() => import('close-with-grace'));
  const app = buildApp(ports, {
    version,
    deploymentId: settings.DEPLOYMENT_ID ?? null,
    origins: settings.ALLOWED_ORIGINS,
    logLevel: logLevels[settings.LOG_LEVEL] ?? settings.LOG_LEVEL,
    bookTitle: process.env['SPACE_TITLE'] ?? (await readTitle()) ?? 'Your book',
    aliasRoutes: settings.CHAT_ALIAS_ROUTES,
    responseMode: settings.CHAT_RESPONSE_MODE,
    limits: {
      perAddress: settings.CHAT_PER_MINUTE,
      perConversation: settings.CHAT_PER_CONVERSATION_MINUTE,
      readsPerAddress: settings.CHAT_READS_PER_MINUTE,
      perDay: settings.CHAT_DAILY_BUDGET,
    },
    settings: { ...chatSettings, memorySections: settings.CHAT_MEMORY_SECTIONS },
    invalidSettings: harmless(unusable),
  });
  closeWithGrace({ delay: 900, logger: false }, async ({ err }) => {
    if (err !== undefined) logFailure(app.log, err, { level: 'error' });
    await app.close();
    await door.close();
    await ports.turns.close();
  });
  await app.ready();
  door.attach((request, response) => app.routing(request, response), app.health);
}

/**
 * Says a line for each variable that is missing or wrong: its name, never its value. The server goes on without it:
 * a Space that answers, and says in its health what it lacks, is of more use than one that has crashed.
 */
async function readEnvironment(): Promise<EnvironmentSettings> {
  const { readSettings } = await loadAfterTurn(() => import('./contract.ts'));
  const given = readSettings(process.env);
  const { invalidSettingFailure: unusableSetting } = await import('./invalid-settings.ts');
  for (const { message, remedy } of given.unusable.map(unusableSetting))
    process.stderr.write(`${message} ${remedy}\n`);
  return given;
}

function failStart(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

async function connect({ settings, unusable }: EnvironmentSettings): Promise<Ports> {
  const { portsFor } = await loadAfterTurn(() => import('./ports.ts'));
  const { readBookFile } = await import('./collection/book-file.ts');
  const readBundledBook = async () =>
    readBookFile(await readFile(bundledPath('book.json'), 'utf8').catch(() => null));
  return portsFor(settings, { unusable, readBundledBook });
}

/** The Space's own title, out of the front matter of the README that was uploaded with us. */
async function readTitle(): Promise<string | undefined> {
  const text = await readFile(bundledPath('README.md'), 'utf8').catch(() => '');
  return /^title:\s*["']?(.+?)["']?\s*$/m.exec(text)?.[1];
}

/** A file that was uploaded together with this one. */
function bundledPath(name: string): string {
  return join(dirname(process.argv[1] ?? '.'), name);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

const socketErrors: Partial<Record<string, string>> = {
  EADDRINUSE: 'The port is taken: set PORT to a free one.',
  ERR_SOCKET_BAD_PORT: 'PORT is not usable: set it to a number up to 65535.',
};

globalThis.fetch = withRedirectGuard(globalThis.fetch);
void main().catch((error: unknown) => {
  failStart(socketErrors[errorCode(error)] ?? `The server cannot start (${errorCode(error)}).`);
});
