import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import * as z from 'zod';

/** One page of a Chromium, over its debugging port (chromedevtools.github.io/devtools-protocol). */
export type BrowserTab = {
  send(method: string, params?: object): Promise<unknown>;
  /** Calls back for each event of that name. */
  on(event: string, listener: (params: unknown) => void): void;
  close(): Promise<void>;
};

const startMs = 20_000;
const callMs = 30_000;

/** Starts a Chromium without a window, in a profile of its own that is removed with it. Throws an Error. */
export async function openBrowser(path: string, signal: AbortSignal): Promise<BrowserTab> {
  const profile = await mkdtemp(join(tmpdir(), 'rag-space-browser-'));
  const isRoot = userInfo().uid === 0;
  const flags = ['--headless=new', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  // Chromium refuses its sandbox to root (chromium.org, linux sandboxing).
  const args = [...flags, ...(isRoot ? ['--no-sandbox'] : []), '--remote-debugging-port=0'];
  const child = spawn(path, [...args, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const end = async (): Promise<void> => {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const address = await new Promise<string>((resolve, reject) => {
      setTimeout(() => reject(new Error('it did not start')), startMs).unref();
      child.once('error', reject);
      child.once('exit', () => reject(new Error('it ended at once')));
      createInterface({ input: child.stderr }).on('line', (line) => {
        const url = /^DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    const page = await attach(address);
    return {
      ...page,
      close: async () => {
        await page.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const messageSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});
const targetSchema = z.looseObject({ targetId: z.string() });
const sessionSchema = z.looseObject({ sessionId: z.string() });

async function attach(address: string): Promise<BrowserTab> {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, ((params: unknown) => void)[]>();
  socket.on('message', (data: Buffer) => {
    const { id, method, params, result, error } = messageSchema.parse(JSON.parse(data.toString()));
    if (id === undefined) {
      for (const listener of listeners.get(method ?? '') ?? []) listener(params);
      return;
    }
    const call = pending.get(id);
    pending.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  });
  socket.on('close', () => {
    for (const { reject } of pending.values()) reject(new Error('the browser went away'));
  });
  let last = 0;
  const call = (method: string, params: object = {}, sessionId?: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      pending.set(id, { resolve, reject });
      setTimeout(() => reject(new Error(`${method} took too long`)), callMs).unref();
      socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    });
  const { targetId } = targetSchema.parse(await call('Target.createTarget', { url: 'about:blank' }));
  const attached = await call('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = sessionSchema.parse(attached);
  return {
    send: (method, params) => call(method, params, sessionId),
    on: (event, listener) => void listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    close: async () => socket.terminate(),
  };
}
