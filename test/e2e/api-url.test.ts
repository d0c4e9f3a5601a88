import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let folder: string;
let server: ChildProcess | undefined;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'api-url-test-'));
});
afterAll(async () => {
  server?.kill();
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(args: string[], without: readonly string[] = []): Promise<WizardRun> {
  const env = Object.entries(sandbox.env).filter(([name]) => !without.includes(name));
  return runWizard({
    args: [...args, '--json'],
    env: { ...Object.fromEntries(env), XDG_STATE_HOME: folder },
    cwd: folder,
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const checkedServices = (result: WizardRun) =>
  eventsOf(result, 'check-started').map(({ service }) => service);

it('deploys the frontend to an exported server on another host with --api-url, without Hugging Face and Postgres', async () => {
  const dir = join(folder, 'server');
  expect((await run(['export', dir])).code).toBe(0);
  const port = await freePort();
  const { GEMINI_API_KEY, QDRANT_URL, QDRANT_API_KEY, DATABASE_URL, GOOGLE_GEMINI_BASE_URL } = sandbox.env;
  const secrets = { GEMINI_API_KEY, QDRANT_URL, QDRANT_API_KEY, DATABASE_URL, GOOGLE_GEMINI_BASE_URL };
  const index = await run(['index', sandbox.env['DOCS_DIR'] ?? '', '--yes']);
  expect(index.code).toBe(0);
  const origin = await productionOrigin();
  server = spawn(process.execPath, ['server.js'], {
    cwd: dir,
    stdio: 'ignore',
    env: { ...secrets, HOST: '127.0.0.1', PORT: String(port), ALLOWED_ORIGINS: origin },
  });
  for (let n = 0; n < 100; n++) {
    if (
      await fetch(`http://127.0.0.1:${port}/api/live`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await sleep(100);
  }
  const result = await run(['--yes', '--api-url', `http://127.0.0.1:${port}`], ['HF_TOKEN', 'DATABASE_URL']);
  expect(result.events.at(-1), result.stdout).toMatchObject({
    ok: true,
    deployment: { space: null, health: 'healthy' },
  });
  expect(checkedServices(result).toSorted()).toEqual(['gemini', 'qdrant', 'vercel']);
  expect(eventsOf(result, 'plan-ready')[0]?.['target']).toMatchObject({
    space: null,
    project: 'sample-book',
  });
}, 180_000);

it('needs no Vercel token with --no-frontend', async () => {
  const result = await run(['--yes', '--no-frontend'], ['VERCEL_TOKEN', 'VERCEL_PROJECT']);
  expect(result.events.at(-1), result.stdout.slice(-800)).toMatchObject({ ok: true });
  expect(checkedServices(result)).not.toContain('vercel');
}, 180_000);

async function productionOrigin(): Promise<string> {
  const headers = { authorization: `Bearer ${sandbox.env['VERCEL_TOKEN']}` };
  const url = `${sandbox.env['VERCEL_API_URL']}/v9/projects/sample-book/domains`;
  const { domains } = (await (await fetch(url, { headers })).json()) as { domains: { name: string }[] };
  return `http://${domains[0]?.name}`;
}
