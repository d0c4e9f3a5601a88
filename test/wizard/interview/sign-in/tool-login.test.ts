import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startToolLogin } from '../../../../wizard/interview/sign-in/tool-login.ts';
import { vendorTools, waysToSignIn } from '../../../../wizard/interview/sign-in/sign-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'tool-login-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder whose `vercel` is this script. */
function tool(script: string): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(bin, 'vercel'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'vercel'), 0o755);
  return bin;
}

const start = (script: string, signal = new AbortController().signal) =>
  startToolLogin(
    { env: { PATH: `${tool(script)}:/usr/bin:/bin` } },
    { tool: vendorTools.VERCEL_TOKEN, signal },
  );

describe.skipIf(process.platform === 'win32')('a login of a vendor’s own command line', () => {
  it('is shown by its page and code, and waited for', async () => {
    const login = await start(
      'echo "> Visit https://vercel.com/oauth/device?user_code=ABCD-EFGH."\nsleep 0.1\necho done',
    );
    expect(login).toMatchObject({
      page: 'https://vercel.com/oauth/device?user_code=ABCD-EFGH',
      userCode: 'ABCD-EFGH',
    });
    expect(typeof login === 'string' ? login : await login.ended).toBeNull();
  });

  it('is not taken for the page of a newer version', async () => {
    const login = await start(
      'echo "Update: https://github.com/vercel/vercel/releases"\nsleep 0.1\necho "Visit https://vercel.com/oauth/device "',
    );
    expect(login).toMatchObject({ page: 'https://vercel.com/oauth/device' });
  });

  it('that fails is reported in its own words', async () => {
    expect(await start('echo "No network." >&2; exit 1')).toBe(
      'vercel login ended without a login: No network.',
    );
    const login = await start('echo https://vercel.com/oauth/device; sleep 0.1; echo "Code expired"; exit 1');
    expect(typeof login === 'string' ? login : await login.ended).toContain('Code expired');
  });

  it('ends with the signal', async () => {
    const cancel = new AbortController();
    const login = await start('echo https://vercel.com/oauth/device; exec sleep 60', cancel.signal);
    cancel.abort();
    expect(typeof login === 'string' ? login : await login.ended).toContain('abort');
  });
});

describe('the ways to sign in', () => {
  const ways = (env: Record<string, string>, rehearsal = false) =>
    waysToSignIn({ env, platform: 'linux', rehearsal });

  it('are the tools on the PATH, and the browser where an app is named', () => {
    expect(ways({ PATH: tool('exit 0') })).toEqual({ HF_TOKEN: [], VERCEL_TOKEN: ['tool'] });
    expect(ways({ HF_OAUTH_CLIENT_ID: 'app' })).toEqual({ HF_TOKEN: ['browser'], VERCEL_TOKEN: [] });
    expect(ways({ HF_OAUTH_CLIENT_ID: ' ' }).HF_TOKEN).toEqual([]);
  });

  it('are no tools in a rehearsal', () => {
    expect(ways({ PATH: tool('exit 0') }, true).VERCEL_TOKEN).toEqual([]);
  });
});
