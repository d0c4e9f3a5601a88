import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxProcess } from './sandbox-process.ts';

/** Git in a folder, as Ana. */
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

/** What the person does when the wizard has written the files: commits, and pushes to the project's repository. */
export async function pushWhenWritten(
  sandbox: Pick<SandboxProcess, 'setControls'>,
  { folder, project, signal }: { folder: string; project: string; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await sleep(200);
    // Locks would be in the way of the wizard's own git.
    if (git(folder, '--no-optional-locks', 'status', '--porcelain') === '') continue;
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'Wired');
    await sandbox.setControls({
      vercel: { push: { project, folder, sha: git(folder, 'rev-parse', 'HEAD') } },
    });
    return;
  }
}
