/** The build that deployments are updated from: an older commit of this repository, in a worktree of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The last commit before the code was laid out in rooms; what it deployed is what owners have. */
export const earlierCommit = '19dc5d5ee83ef8263bd274646ddedc6721bbec8b';

/** Why the earlier commit cannot be checked out here; null when it can. */
export function missingHistory(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    git('rev-parse', '--git-dir');
  } catch {
    return 'this is not a git checkout';
  }
  try {
    git('cat-file', '-e', `${earlierCommit}^{commit}`);
    return null;
  } catch {
    return `the git history lacks commit ${earlierCommit.slice(0, 7)} (git fetch --unshallow)`;
  }
}

/**
 * Checks the commit out below `.tools` and builds it; a second call finds it built. Its packages are those of this
 * checkout where both lock files are equal, else it gets its own `npm ci`. Returns the folder.
 */
export function prepareEarlierBuild(root) {
  const folder = join(root, '.tools', `upgrade-from-${earlierCommit.slice(0, 7)}`);
  const run = (command, args, cwd) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (existsSync(join(folder, 'dist/space/server.js'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  run('git', ['worktree', 'prune'], root);
  run('git', ['worktree', 'add', '--detach', '--quiet', folder, earlierCommit], root);
  const lockIn = (place) => readFileSync(join(place, 'package-lock.json'), 'utf8');
  if (lockIn(root) === lockIn(folder))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  else run('npm', ['ci', '--no-audit', '--no-fund', '--silent'], folder);
  run(process.execPath, ['build.mjs', '--quiet'], folder);
  return folder;
}
