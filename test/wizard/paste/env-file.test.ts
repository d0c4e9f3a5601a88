import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEnvFile } from '../../../wizard/paste/env-file.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'env-file-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['$env:HF_TOKEN = "a b"\n$Env:GEMINI_API_KEY=c', { HF_TOKEN: 'a b', GEMINI_API_KEY: 'c' }],
  ['HF_TOKEN=a VERCEL_TOKEN=b', { HF_TOKEN: 'a', VERCEL_TOKEN: 'b' }],
  ['export HF_TOKEN="a"; export VERCEL_TOKEN="b"', { HF_TOKEN: 'a', VERCEL_TOKEN: 'b' }],
  ['HF_TOKEN=a # VERCEL_TOKEN=b', { HF_TOKEN: 'a' }],
  ['# HF_TOKEN=a VERCEL_TOKEN=b\n', {}],
  [
    'DATABASE_URL=postgresql://a:b@c/d?options=HF_TOKEN%3Dx',
    { DATABASE_URL: 'postgresql://a:b@c/d?options=HF_TOKEN%3Dx' },
  ],
  ['HF_TOKEN=a OTHER=b GEMINI_MODEL=c', { HF_TOKEN: 'a', OTHER: 'b', GEMINI_MODEL: 'c' }],
  ['VERCEL_PROJECT=a VERCEL_TEAM=b', { VERCEL_PROJECT: 'a', VERCEL_TEAM: 'b' }],
  ['$env:HF_TOKEN="a"; $env:HF_SPACE="b/c"', { HF_TOKEN: 'a', HF_SPACE: 'b/c' }],
  ['${env:HF_TOKEN} = "a"', { HF_TOKEN: 'a' }],
  ['export HF_TOKEN=a && export GEMINI_API_KEY=b', { HF_TOKEN: 'a', GEMINI_API_KEY: 'b' }],
  ['set HF_TOKEN=a\r\nset "GEMINI_API_KEY=b"', { HF_TOKEN: 'a', GEMINI_API_KEY: 'b' }],
  ['setx HF_TOKEN a /M\nset -gx GEMINI_API_KEY b', { HF_TOKEN: 'a', GEMINI_API_KEY: 'b' }],
  ['HF_TOKEN=a # mine, not GEMINI_API_KEY=b', { HF_TOKEN: 'a' }],
  [`NOTE="say HF_TOKEN=a"\nOTHER='HF_TOKEN=b'`, { NOTE: 'say HF_TOKEN=a', OTHER: 'HF_TOKEN=b' }],
  ['BOOK_TITLE=one OTHER=two', { BOOK_TITLE: 'one OTHER=two' }],
])('the file %j has the values %o', async (text, wanted) => {
  const path = join(folder, '.env');
  await writeFile(path, text);
  expect(await readEnvFile({ path })).toEqual(wanted);
});
