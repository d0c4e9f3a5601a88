/** Firefox by WebDriver BiDi, which it speaks itself: Debian has no geckodriver. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { endProcess, type DrivenBrowser } from './driven-browser.ts';

/** It contacts no one by itself. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

const reply = z.object({
  id: z.number(),
  result: z.unknown(),
  error: z.string().optional(),
  message: z.string().optional(),
});
const evaluated = z.object({ type: z.literal('success'), result: z.object({ value: z.string() }) });
const tab = z.object({ context: z.string() });
const screenshot = z.object({ data: z.string() });

export async function startFirefox(path: string): Promise<DrivenBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const args = [
    '--headless',
    '--no-remote',
    '--profile',
    profile,
    '--remote-debugging-port=0',
    'about:blank',
  ];
  const child = spawn(path, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile },
  });
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('close', () => reject(new Error(`Firefox ended: ${output}`)));
    child.stderr.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      const [, url] = /BiDi listening on (ws:\S+)/.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const socket = await connect(`${address}/session`);
  const { call } = socket;
  await call('session.new', { capabilities: {} });
  // The tab that it starts with never gets the focus: Enter would press no button.
  const { context } = tab.parse(await call('browsingContext.create', { type: 'tab' }));
  await call('browsingContext.activate', { context });
  return {
    open: async (url) => void (await call('browsingContext.navigate', { context, url, wait: 'complete' })),
    async evaluate<T>(expression: string): Promise<T> {
      const source = `JSON.stringify([${expression}])`;
      const answer = await call('script.evaluate', {
        expression: source,
        target: { context },
        awaitPromise: true,
      });
      return (JSON.parse(evaluated.parse(answer).result.value) as [T])[0];
    },
    perform: async (actions) => void (await call('input.performActions', { context, actions })),
    back: async () => void (await call('browsingContext.traverseHistory', { context, delta: -1 })),
    screenshot: async () =>
      Buffer.from(
        screenshot.parse(await call('browsingContext.captureScreenshot', { context })).data,
        'base64',
      ),
    async close() {
      socket.close();
      await endProcess(child);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type Socket = { call(method: string, params?: object): Promise<unknown>; close(): void };

async function connect(address: string): Promise<Socket> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (answer: z.infer<typeof reply>) => void>();
  socket.on('message', (text: Buffer) => {
    const answer = reply.safeParse(JSON.parse(text.toString()));
    // Anything else is an event, of which none is asked for.
    if (answer.success) waiting.get(answer.data.id)?.(answer.data);
  });
  let last = 0;
  return {
    async call(method, params = {}) {
      const id = (last += 1);
      const answer = new Promise<z.infer<typeof reply>>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error, message = '' } = await answer;
      waiting.delete(id);
      if (error !== undefined) throw new Error(`${method}: ${error}: ${message}`);
      return result;
    },
    close: () => socket.close(),
  };
}
