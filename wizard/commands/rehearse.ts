import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { secretAnswers } from '../model/answers.ts';
import { Failure } from '../model/failure.ts';

const readyLine = z.looseObject({ env: z.record(z.string(), z.string()), folder: z.string() });

/** Longest wait for the stand-ins: the first `npx` run may have to fetch PostgreSQL. */
const START_MS = 120_000;

/** `stateDir` is in the stand-ins' folder and ends with them, even when nothing is left to call `close`. */
export type Rehearsal = { env: Record<string, string>; stateDir: string; close(): Promise<void> };

/**
 * Starts the five stand-ins and a PostgreSQL as a process of their own; it ends when its stdin does, so not even
 * a killed wizard leaves it behind. Throws Failure `rehearsal-not-started`.
 */
export async function startRehearsal(options: {
  /** The sandbox's built entry file. */
  entry: string;
  env: Readonly<Record<string, string | undefined>>;
  notice: (text: string) => void;
  signal: AbortSignal;
}): Promise<Rehearsal> {
  const ownKeys = new Set<string>(secretAnswers);
  const child = spawn(process.execPath, [options.entry], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: Object.fromEntries(Object.entries(options.env).filter(([name]) => !ownKeys.has(name))),
    // Ctrl-C reaches the whole terminal group: the stand-ins must outlive it until we have tidied up.
    detached: true,
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
    if (line.startsWith('notice: ')) options.notice(line.slice('notice: '.length));
  });
  child.stdin.on('error', () => undefined);

  const close = async (): Promise<void> => {
    child.stdin.end();
    const ended = await Promise.race([exited.then(() => true), sleep(8_000, false)]);
    if (!ended) child.kill('SIGKILL');
  };

  const firstLine = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const failed = (why: string, cause?: unknown): Failure =>
    new Failure({
      code: 'rehearsal-not-started',
      message: `The rehearsal's stand-ins did not start: ${why}`,
      remedy:
        lastLines.at(-1) ?? 'Run it again; if it happens twice, run `npm run sandbox` and read what it says.',
      cause,
    });
  try {
    const line = await Promise.race([
      firstLine,
      exited.then((code) => Promise.reject(failed(`they ended with code ${code}.`))),
      sleep(START_MS, undefined, { signal: options.signal }).then(() =>
        Promise.reject(failed(`nothing was heard for ${START_MS / 1000} s.`)),
      ),
    ]);
    const { env, folder } = readyLine.parse(JSON.parse(line));
    // The stand-in of the Hub knows every app.
    const app = { HF_OAUTH_CLIENT_ID: 'app-of-the-rehearsal' };
    return { env: { ...env, ...app }, stateDir: join(folder, 'state'), close };
  } catch (error) {
    await close();
    throw error;
  }
}
