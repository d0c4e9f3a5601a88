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
  ['BOOK_TITLE=one OTHER=two', { BOOK_TITLE: 'one OTHER=two' }],
])('the file %j has the values %o', async (text, wanted) => {
  const path = join(folder, '.env');
  await writeFile(path, text);
  expect(await readEnvFile({ path })).toEqual(wanted);
});
