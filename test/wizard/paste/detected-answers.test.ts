import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectAnswers } from '../../../wizard/paste/detected-answers.ts';
import type { Answers } from '../../../wizard/model/answers.ts';

let home: string;
let cwd: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rag-found-home-'));
  cwd = mkdtempSync(join(tmpdir(), 'rag-found-work-'));
});
afterEach(() => {
  for (const folder of [home, cwd]) rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
const find = (env: Record<string, string> = {}, platform = 'linux') =>
  detectAnswers({ env, home, cwd, platform, now: () => Date.UTC(2026, 10, 23) });
const sources = (answers: Answers) =>
  Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, answer.source]));

describe('values that lie about', () => {
  it('are found in a file that PowerShell wrote, in UTF-16', async () => {
    writeFileSync(join(cwd, '.env'), Buffer.from('\uFEFFHF_TOKEN=hf_abcdefghijklmnop\r\n', 'utf16le'));
    expect(sources(await find())).toEqual({ HF_TOKEN: '.env' });
  });

  it('are found in logins, links, files and variables under other names', async () => {
    write(join(home, '.cache', 'huggingface', 'token'), 'hf_abcdefghijklmnop\n');
    write(join(home, '.local', 'share', 'com.vercel.cli', 'auth.json'), '{"token":"vca_0123456789abcdefgh"}');
    write(join(cwd, 'frontend', '.vercel', 'project.json'), '{"projectId":"prj_1","orgId":"team_2"}');
    write(join(cwd, 'backend', '.env'), 'QDRANT_URL="https://a.eu.cloud.qdrant.io:6333"\nOTHER=1\n');
    const detected = await find({
      GOOGLE_API_KEY: 'AQ.0123456789abcdef',
      GEMINI_API_KEY: 'AQ.exact-name-is-no-find',
    });
    expect(sources(detected)).toEqual({
      HF_TOKEN: 'the Hugging Face login',
      VERCEL_TOKEN: 'the Vercel CLI’s login',
      VERCEL_PROJECT: join('frontend', '.vercel', 'project.json'),
      VERCEL_TEAM: join('frontend', '.vercel', 'project.json'),
      QDRANT_URL: join('backend', '.env'),
      GEMINI_API_KEY: 'GOOGLE_API_KEY (environment)',
    });
    expect(detected.HF_TOKEN?.value.reveal()).toBe('hf_abcdefghijklmnop');
  });

  it('are no cluster’s key where a name of Qdrant’s management keys has another form', async () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJhY2Nlc3MiOiJtIn0.c2lnbmF0dXJl';
    write(join(cwd, '.env'), 'QDRANT_CLOUD_API_KEY=5f1e2d3c-manages-the-account\n');
    const management = await find({ QDRANT_CLOUD_API_KEY: '5f1e2d3c-manages-the-account' });
    expect(sources(management)).toEqual({ QDRANT_CLOUD_API_KEY: '.env' });
    expect(sources(await find({ QDRANT_CLOUD_API_KEY: jwt }))).toMatchObject({
      QDRANT_API_KEY: 'QDRANT_CLOUD_API_KEY (environment)',
    });
  });

  it('follow HF_HOME and the platform, and an expired login is none', async () => {
    write(join(home, 'hub', 'token'), 'hf_abcdefghijklmnop');
    const login = join(home, 'Library', 'Application Support', 'com.vercel.cli', 'auth.json');
    write(
      login,
      JSON.stringify({ token: 'vca_0123456789abcdefgh', expiresAt: Date.UTC(2026, 10, 22) / 1000 }),
    );
    expect(sources(await find({ HF_HOME: join(home, 'hub') }, 'darwin'))).toEqual({
      HF_TOKEN: 'the Hugging Face login',
    });
  });

  it('are left where they are when they are examples, another vendor’s, or unreadable', async () => {
    write(join(cwd, '.env'), 'HF_TOKEN=your_token_here\nGEMINI_API_KEY=hf_abcdefghijklmnop\nDATABASE_URL=\n');
    mkdirSync(join(cwd, '.env.local'));
    write(join(cwd, '.vercel', 'project.json'), 'not json');
    expect(await find()).toEqual({});
  });
});
