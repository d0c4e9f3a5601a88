/** The bundle as the Space runs it, in a process of its own. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rag-space-main-test-'));

beforeAll(() => {
  cpSync(fileURLToPath(new URL('../../dist/space', import.meta.url)), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(environment: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(folder, 'server.js')], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

test('without its settings it ends and names them, none by its value', async () => {
  const { code, said } = await run({ GEMINI_API_KEY: 'a-secret', LOG_LEVEL: 'loud' });
  expect(code).toBe(1);
  for (const name of ['QDRANT_URL is missing', 'DATABASE_URL is missing', 'LOG_LEVEL is not usable'])
    expect(said).toContain(name);
  expect(said).not.toMatch(/a-secret|loud|GEMINI_API_KEY|^\s+at /m);
});

test('an address that is none, and a port that is none, are named', async () => {
  const settings = { GEMINI_API_KEY: 'a', QDRANT_URL: 'ftp://x', DATABASE_URL: 'postgres://a:b@127.0.0.1/c' };
  expect(await run(settings)).toMatchObject({ code: 1, said: expect.stringContaining('QDRANT_URL') });
  expect(await run({ PORT: '99999' })).toMatchObject({ code: 1, said: expect.stringContaining('PORT') });
});
