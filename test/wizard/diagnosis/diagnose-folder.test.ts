import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnoseFolder } from '../../../wizard/diagnosis/diagnose-folder.ts';
import { Secret } from '../../../wizard/model/secret.ts';

const { signal } = new AbortController();

describe('the book’s folder', () => {
  let dir = '';
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  function folderWith(files: Record<string, string>, tracked = true): string {
    dir = mkdtempSync(join(tmpdir(), 'diagnose-folder-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, stdio: 'ignore' });
    git('init', '-q');
    if (tracked) git('add', '-A');
    return dir;
  }
  const codes = async (folder: string) =>
    (await diagnoseFolder({ dir: folder, signal })).map(
      ({ code, message }) => `${code} ${message.split(' ')[0]}`,
    );
  const key = 'AQ.this-one-was-given-to-the-run';
  new Secret(key).reveal();

  it('with a key of this run in a tracked file is reported, without the key', async () => {
    const findings = await diagnoseFolder({
      dir: folderWith({ 'backend/.env': `GEMINI_API_KEY=${key}\n` }),
      signal,
    });
    expect(findings).toMatchObject([{ code: 'secret-in-git' }]);
    expect(findings[0]?.message).toContain('backend/.env');
    expect(JSON.stringify(findings)).not.toContain(key);
  });

  it('with a database’s password in its docs is reported', async () => {
    const url = 'postgresql://owner:npg_Ab3dEf6hIj9k@ep-cool-1.eu-central-1.aws.neon.tech/neondb';
    expect(await codes(folderWith({ 'docs/deploy.md': `Use ${url}\n` }))).toEqual([
      'secret-in-git docs/deploy.md',
    ]);
  });

  it('with a placeholder, or a key in an untracked file, is not', async () => {
    const url = 'postgresql://user:your_password1@ep-name.neon.tech/neondb';
    expect(await codes(folderWith({ '.env.example': `DATABASE_URL=${url}\n` }))).toEqual([]);
    expect(await codes(folderWith({ '.env': key }, false))).toEqual([]);
  });

  it.each([
    ['3.9.2', false, true],
    ['3.10.0', false, true],
    ['~3.9.0', false, true],
    ['^2.4.0', false, true],
    ['^3.9.0', false, false],
    ['~3.10.0', false, false],
    ['latest', false, false],
    ['3.10.1', false, false],
    ['3.9.2', true, false],
  ])('with Docusaurus %s, lockfile %s: reported %s', async (version, hasLock, isReported) => {
    const manifest = JSON.stringify({ dependencies: { '@docusaurus/core': version } });
    const folder = folderWith({ 'package.json': manifest, ...(hasLock && { 'yarn.lock': '' }) });
    expect(await codes(folder)).toEqual(isReported ? ['frontend-no-lockfile The'] : []);
  });

  it('with variables in vercel.json is reported', async () => {
    const folder = folderWith({
      'vercel.json': JSON.stringify({ env: { REACT_APP_API_URL: 'https://old' } }),
    });
    expect(await codes(folder)).toEqual(['vercel-json-env vercel.json']);
  });
});
