import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('../../dist/sandbox/main.js', import.meta.url));
const processes: ChildProcess[] = [];
afterEach(() => processes.splice(0).forEach((child) => child.kill('SIGKILL')));

type SandboxProcess = {
  child: ChildProcess;
  pid: number;
  env: Record<string, string>;
  exited: Promise<number | null>;
};

async function startSandbox(args: string[] = []): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  processes.push(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  expect(lines).toHaveLength(1);
  const { env } = JSON.parse(lines[0] ?? '') as { env: Record<string, string> };
  return { child, pid: child.pid ?? 0, env, exited };
}

async function admin(
  env: Record<string, string>,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${env['SANDBOX_ADMIN_URL']}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

/** Deploys a server that answers `ok`, and waits until it runs. */
async function deploy(env: Record<string, string>): Promise<{ pid: number; url: string; root: string }> {
  const headers = { authorization: `Bearer ${env['HF_TOKEN']}` };
  const files = [
    { path: 'README.md', content: '---\nsdk: docker\n---\n' },
    {
      path: 'Dockerfile',
      content: 'FROM node:24-slim\nCOPY server.js /\nUSER 1000\nCMD ["node", "/server.js"]\n',
    },
    {
      path: 'server.js',
      content: 'require("http").createServer((q, r) => r.end("ok")).listen(process.env.PORT)',
    },
  ];
  const body = JSON.stringify({ type: 'space', name: 'run', organization: 'ana', sdk: 'docker', files });
  await fetch(`${env['HF_ENDPOINT']}/api/repos/create`, { method: 'POST', headers, body });
  for (let left = 300; left > 0; left -= 1) {
    const state = (await admin(env, 'GET', '/world')) as {
      space: { spaces: Record<string, { stage: string; pid: number; url: string; root: string }> };
    };
    const space = state.space.spaces['ana/run'];
    if (space?.stage === 'RUNNING') return space;
    await sleep(20);
  }
  throw new Error('the Space never ran');
}

/** The sandbox's folder, three levels above a Space's root. */
const folderOf = (root: string): string => /^.*\/rag-space-setup-sandbox-\w+/.exec(root)?.[0] ?? root;
const isAlive = (pid: number): boolean =>
  spawnSync('ps', ['-p', String(pid), '-o', 'stat='])
    .stdout.toString()
    .trim()
    .replace(/^Z.*/, '') !== '';

async function untilNot(condition: () => boolean): Promise<void> {
  for (let left = 300; left > 0 && condition(); left -= 1) await sleep(20);
  expect(condition()).toBe(false);
}

const refusesConnections = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => false),
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );
};

it('prints every variable that a client needs, with new secrets, and ends when its stdin does', async () => {
  const { child, env, exited } = await startSandbox();
  expect(Object.keys(env).sort()).toEqual([
    'DATABASE_URL',
    'DOCS_DIR',
    'GEMINI_API_KEY',
    'GOOGLE_GEMINI_BASE_URL',
    'HF_ENDPOINT',
    'HF_TOKEN',
    'NEON_API_URL',
    'NEON_CLAIM_URL',
    'QDRANT_API_KEY',
    'QDRANT_CLOUD_API_KEY',
    'QDRANT_CLOUD_API_URL',
    'QDRANT_URL',
    'SANDBOX_ADMIN_URL',
    'SANDBOX_WEBSOCKET_ADDRESS',
    'VERCEL_API_URL',
    'VERCEL_PROJECT',
    'VERCEL_TOKEN',
  ]);
  expect(env['HF_TOKEN']).toMatch(/^hf_[A-Za-z]{34}$/);
  expect(existsSync(env['DOCS_DIR'] ?? '')).toBe(true);
  expect(new URL(env['DATABASE_URL'] ?? '').password).toMatch(/%40.*%2F.*%25/);
  const { pid, url, root } = await deploy(env);
  expect(await (await fetch(url)).text()).toBe('ok');
  child.stdin?.end();
  expect(await exited).toBe(0);
  expect(isAlive(pid)).toBe(false);
  expect(await refusesConnections(env['DATABASE_URL'] ?? '')).toBe(true);
  expect(existsSync(folderOf(root))).toBe(false);
});

it('leaves no process and no file when it is killed with SIGKILL', async () => {
  const sandbox = await startSandbox(['--keep-up']);
  const { pid, root } = await deploy(sandbox.env);
  process.kill(sandbox.pid, 'SIGKILL');
  await sandbox.exited;
  await untilNot(() => isAlive(pid));
  await untilNot(() => existsSync(folderOf(root)));
  expect(await refusesConnections(sandbox.env['DATABASE_URL'] ?? '')).toBe(true);
});

it('has an admin port for faults, controls, exchanges and writes', async () => {
  const { env } = await startSandbox();
  const runtime = () =>
    fetch(`${env['HF_ENDPOINT']}/api/spaces/ana/book-api/runtime`).then(({ status }) => status);
  await admin(env, 'POST', '/faults', {
    call: 'hub.runtime',
    kind: { type: 'status', status: 503 },
    times: 1,
    after: 1,
  });
  expect([await runtime(), await runtime(), await runtime()]).toEqual([200, 503, 200]);
  const exchanges = (await admin(env, 'GET', '/exchanges?name=hub.runtime')) as { status: number }[];
  expect(exchanges.map(({ status }) => status)).toEqual([200, 503, 200]);
  expect(await admin(env, 'GET', '/writes')).toEqual({ total: 0, byVendor: {}, byName: {} });
  await admin(env, 'POST', '/world', { postgres: { up: false } });
  expect(await refusesConnections(env['DATABASE_URL'] ?? '')).toBe(true);
  await admin(env, 'POST', '/world', { postgres: { up: true } });
  expect(await refusesConnections(env['DATABASE_URL'] ?? '')).toBe(false);
  const page = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
  const controls = (await admin(env, 'GET', '/knobs')) as Record<string, string[]>;
  expect(
    Object.values(controls)
      .flat()
      .filter((control) => !page.includes(`\`${control}\``)),
  ).toEqual([]);
  await expect(admin(env, 'POST', '/world', { space: { buidl: 'error' } })).rejects.toThrow(
    /no knob .{2}buidl.{2}: build, start/,
  );
  await expect(admin(env, 'POST', '/world', { space: { build: 'maybe' } })).rejects.toThrow(
    /one of ok, error, stuck/,
  );
});
