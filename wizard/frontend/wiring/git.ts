import { execFile } from 'node:child_process';

/** Reads of the user's repository. Every call returns null where there is no git, no repository or no commit. */
export interface Git {
  /** Which of these files have uncommitted changes or are unknown to git. */
  dirty(files: readonly string[]): Promise<readonly string[] | null>;
  /** The last commit that touched one of the files. */
  lastCommit(files: readonly string[]): Promise<string | null>;
  /** Whether `commit` is `in` or one of its ancestors; null when one of them is not in this clone. */
  contains(options: { commit: string; in: string }): Promise<boolean | null>;
  /** Every file that git tracks below the folder, relative to it. */
  tracked(): Promise<readonly string[] | null>;
  /** Whether the upstream branch has the commit; null when there is no upstream branch. */
  isPushed(commit: string): Promise<boolean | null>;
  /** `owner/repository` of the remote. */
  remote(): Promise<string | null>;
  /** Host of the remote. */
  remoteHost(): Promise<string | null>;
}

const timeoutMs = 10_000;

/** Git in a folder. No call changes anything or uses the network. */
export function createGit({ dir, signal }: { dir: string; signal: AbortSignal }): Git {
  const run = (...args: string[]): Promise<{ code: number; out: string } | null> =>
    new Promise((resolve) => {
      const options = { cwd: dir, signal, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 };
      // `status` would refresh the index and lock it while the user commits.
      execFile('git', ['--no-optional-locks', ...args], options, (error, stdout) => {
        if (error === null) resolve({ code: 0, out: stdout });
        else resolve(typeof error.code === 'number' ? { code: error.code, out: stdout } : null);
      });
    });
  const isAncestor = async (commit: string, descendant: string): Promise<boolean | null> => {
    const result = await run('merge-base', '--is-ancestor', commit, descendant);
    return result === null || result.code > 1 ? null : result.code === 0;
  };
  return {
    dirty: async (files) => {
      // -z: otherwise names with spaces or accents are quoted.
      const [tracked, status, prefix] = await Promise.all([
        run('ls-files', '-z', '--', ...files),
        run('status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignored', '--', ...files),
        run('rev-parse', '--show-prefix'),
      ]);
      if (tracked?.code !== 0 || status?.code !== 0) return null;
      const trackedFiles = new Set(tracked.out.split('\0'));
      // `status` names files from the top of the repository, `ls-files` from this folder.
      const top = prefix?.out.trim() ?? '';
      const changed = new Set(status.out.split('\0').map((entry) => entry.slice(3)));
      return files.filter((file) => !trackedFiles.has(file) || changed.has(top + file));
    },
    lastCommit: async (files) => {
      const log = await run('log', '-1', '--format=%H', '--', ...files);
      const commit = log?.code === 0 ? log.out.trim() : '';
      return commit === '' ? null : commit;
    },
    contains: (options) => isAncestor(options.commit, options.in),
    tracked: async () => {
      const files = await run('ls-files', '-z');
      return files?.code === 0 ? files.out.split('\0').filter((file) => file !== '') : null;
    },
    isPushed: (commit) => isAncestor(commit, '@{upstream}'),
    remote: async () => {
      const url = await run('remote', 'get-url', 'origin');
      return url?.code === 0 ? repositoryOf(url.out.trim()) : null;
    },
    remoteHost: async () => {
      const url = await run('remote', 'get-url', 'origin');
      const [, host] = /^(?:\w+:\/\/)?(?:[^@/]*@)?([\w.-]+)[:/]/.exec(url?.out.trim() ?? '') ?? [];
      return host ?? null;
    },
  };
}

/** `owner/repository` of `git@host:owner/repository.git` and of an https URL; null for anything else. */
export function repositoryOf(remote: string): string | null {
  const match = /[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(remote);
  return match === null ? null : `${match[1] ?? ''}/${match[2] ?? ''}`;
}
