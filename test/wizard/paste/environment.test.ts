import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withEnvFile } from '../../../wizard/paste/env-file.ts';
import { answersFrom } from '../../../wizard/paste/environment.ts';
import { endpointsFrom } from '../../../wizard/model/formats/endpoints.ts';

const folder = mkdtempSync(join(tmpdir(), 'rag-env-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const noFlags = { space: null, vercelProject: null, vercelTeam: null, docs: null };

describe('answers that need no asking', () => {
  it('come from flags, then variables, then the file; cleaned, and secrets unseen', async () => {
    const envFile = join(folder, 'mine.env');
    writeFileSync(
      envFile,
      '\uFEFFHF_TOKEN=hf_from_file\r\nexport GEMINI_API_KEY="AQ.from#file"\r\nHF_SPACE=a/file\r\n',
    );
    const env = {
      HF_TOKEN: ' "hf_from_env"\n',
      QDRANT_URL: '  ',
      HF_SPACE: 'a/env',
      HUGGING_FACE_HUB_TOKEN: 'hf_other',
    };
    const answers = await answersFrom({ env, flags: { ...noFlags, space: 'a/flag' }, envFile });
    expect(answers.HF_TOKEN).toMatchObject({
      source: 'environment',
      cleaned: ['newline', 'blanks', 'quotes'],
    });
    expect(answers.HF_TOKEN?.value.reveal()).toBe('hf_from_env');
    expect(answers.GEMINI_API_KEY?.value.reveal()).toBe('AQ.from#file');
    expect(answers.HF_SPACE).toMatchObject({ value: 'a/flag', source: '--space' });
    expect(answers.QDRANT_URL).toBeUndefined();
    expect(JSON.stringify(answers)).not.toMatch(/hf_from|AQ\.from/);
  });

  it.each(['utf16le', 'utf16be'])(
    'are read from a file in %s, as PowerShell writes it, from the first line on',
    async (form) => {
      const envFile = join(folder, `${form}.env`);
      const bytes = Buffer.from('\uFEFFHF_TOKEN=hf_wide\r\nDOCS_DIR=bücher\r\n', 'utf16le');
      writeFileSync(envFile, form === 'utf16be' ? bytes.swap16() : bytes);
      const { HF_TOKEN, DOCS_DIR } = await answersFrom({ env: {}, flags: noFlags, envFile });
      expect([HF_TOKEN?.value.reveal(), DOCS_DIR?.value]).toEqual(['hf_wide', 'bücher']);
    },
  );

  it('are not called missing when the file is a pipe that Node has emptied: the failure names the pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = execFile('sh', ['-c', `: > ${pipe}`]);
    await expect(withEnvFile({}, pipe)).rejects.toMatchObject({
      kind: 'usage',
      code: 'env-file',
      message: expect.stringContaining('it is a pipe'),
    });
    writer.kill();
    await expect(withEnvFile({}, '/dev/null')).resolves.toEqual({});
  });

  it('and the file counts as the environment for every other name', async () => {
    const envFile = join(folder, 'settings.env');
    writeFileSync(
      envFile,
      'HF_ENDPOINT=http://127.0.0.1:8\nLOG_LEVEL=debug\nHF_SPACE=a/file\nHF_TOKEN=hf_f\n',
    );
    const env = await withEnvFile({ LOG_LEVEL: 'warn', HF_ENDPOINT: ' ', HF_TOKEN: 'hf_e' }, envFile);
    expect(env).toEqual({
      HF_ENDPOINT: 'http://127.0.0.1:8',
      LOG_LEVEL: 'warn',
      HF_SPACE: 'a/file',
      HF_TOKEN: 'hf_e',
    });
    const answers = await answersFrom({ env, flags: noFlags, envFile });
    expect(answers.HF_SPACE).toMatchObject({ value: 'a/file', source: envFile });
    expect(answers.HF_TOKEN?.source).toBe('environment');
  });

  it('a file that cannot be read is a usage error', async () => {
    const run = (envFile: string) => answersFrom({ env: {}, flags: noFlags, envFile });
    await expect(run(join(folder, 'none'))).rejects.toMatchObject({ kind: 'usage', code: 'env-file' });
    await expect(run(folder)).rejects.toMatchObject({ message: expect.stringContaining('it is a folder') });
  });
});

describe('vendors’ addresses', () => {
  it('are the vendors’ own unless another is given; http is for this machine', () => {
    expect(endpointsFrom({ HF_ENDPOINT: 'http://127.0.0.1:8/' })).toMatchObject({
      hf: 'http://127.0.0.1:8',
      vercel: 'https://api.vercel.com',
    });
    for (const url of ['http://example.com', 'ftp://127.0.0.1', 'nonsense', 'http://127.0.0.1.example.com']) {
      expect(() => endpointsFrom({ VERCEL_API_URL: url })).toThrow(/VERCEL_API_URL is no https address/);
    }
  });
});
