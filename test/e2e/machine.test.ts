import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wizardEntry } from './sandbox-process.ts';

/** Runs `plan --json` by a shell, which can give it what `spawn` cannot. */
function plan(script: string, env: Record<string, string> = {}) {
  const words = `'${process.execPath}' '${wizardEntry}' plan --json`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script.replace('PLAN', words)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return { status, stderr, last: (last === '' ? {} : JSON.parse(last)) as Record<string, unknown> };
}

function canChangeUser(): boolean {
  try {
    return process.getuid?.() === 0 && execFileSync('setpriv', ['--version']).length > 0;
  } catch {
    return false;
  }
}

it('a working folder that was deleted is named, and no bug', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gone-'));
  const { status, last } = plan(`cd '${folder}' && rmdir '${folder}' && PLAN`, { HOME: tmpdir() });
  rmSync(folder, { recursive: true, force: true });
  expect(status).toBe(1);
  expect(last).toMatchObject({ type: 'run-finished', failure: { code: 'no-working-folder' } });
});

it.skipIf(!existsSync('/dev/full'))('an output that cannot be written is named, and no bug', () => {
  const { status, stderr } = plan('PLAN > /dev/full', { HOME: tmpdir() });
  expect(status).toBe(1);
  expect(stderr).toBe('The output could not be written (ENOSPC).\n');
});

it.skipIf(!canChangeUser())('a user without a home folder is asked for one, and no bug', () => {
  const { status, last } = plan('exec setpriv --reuid 54321 --clear-groups PLAN');
  expect(status).toBe(1);
  expect(last).toMatchObject({
    failure: { code: 'no-home-folder', remedy: expect.stringContaining('XDG_STATE_HOME') },
  });
});
