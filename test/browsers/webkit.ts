/** WebKitGTK's own small browser by WebDriver, on a display that no one sees: it has no headless mode. */
import { spawn } from 'node:child_process';
import * as z from 'zod';
import { freePort } from '../../sandbox/free-port.ts';
import { endProcess, type DrivenBrowser } from './driven-browser.ts';

const answer = z.object({ value: z.unknown() });
const session = z.object({ sessionId: z.string() });
const problem = z.object({ error: z.string(), message: z.string() });

export async function startWebkit({
  driver,
  browser,
}: {
  driver: string;
  browser: string;
}): Promise<DrivenBrowser> {
  const display = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    display.once('error', reject);
    display.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
  });
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${number}` };
  const child = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env });
  const base = `http://127.0.0.1:${port}`;
  const capabilities = {
    alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } },
  };
  while (!(await isUp(base))) await new Promise((resolve) => setTimeout(resolve, 50));
  const { sessionId } = session.parse(await call(base, 'POST', '/session', { capabilities }));
  const inSession = (method: string, path: string, body?: object): Promise<unknown> =>
    call(base, method, `/session/${sessionId}${path}`, body);
  return {
    open: async (url) => void (await inSession('POST', '/url', { url })),
    async evaluate<T>(expression: string): Promise<T> {
      const script = `return JSON.stringify([${expression}])`;
      const text = z.string().parse(await inSession('POST', '/execute/sync', { script, args: [] }));
      return (JSON.parse(text) as [T])[0];
    },
    perform: async (actions) => void (await inSession('POST', '/actions', { actions })),
    back: async () => void (await inSession('POST', '/back', {})),
    screenshot: async () => Buffer.from(z.string().parse(await inSession('GET', '/screenshot')), 'base64'),
    async close() {
      await inSession('DELETE', '').catch(() => undefined);
      await endProcess(child);
      await endProcess(display);
    },
  };
}

const isUp = (base: string): Promise<boolean> =>
  fetch(`${base}/status`).then(
    ({ ok }) => ok,
    () => false,
  );

async function call(base: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(base + path, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = answer.parse(await response.json());
  if (response.ok) return value;
  const { error, message } = problem.parse(value);
  throw new Error(`${method} ${path}: ${error}: ${message}`);
}
