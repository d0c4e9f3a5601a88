import { execFile } from 'node:child_process';

/** What is asked of the person's repository: reads only. Null from every call where there is no git or no commit. */
export interface Git {
  /** Of these files, those that have changes that are not committed, or that git does not know. */
  dirty(files: readonly string[]): Promise<readonly string[] | null>;
  /** The last commit that touched one of the files. */
  lastCommit(files: readonly string[]): Promise<string | null>;
  /** Whether the one commit is the other or comes before it; null when one of them is not here. */
  contains(options: { commit: string; in: string }): Promise<boolean | null>;
  /** Every file below the folder that git knows, relative to it. */
  tracked(): Promise<readonly string[] | null>;
  /** Whether the commit is in the branch that this one is pushed to; null when there is no such branch. */
  isPushed(commit: string): Promise<boolean | null>;
  /** `owner/repository` of the remote. */
  remote(): Promise<string | null>;
}

const longestMs = 10_000;

/** git in a folder. No call changes anything, nor asks the network. */
export function createGit({ dir, signal }: { dir: string; signal: AbortSignal }): Git {
  const run = (...args: string[]): Promise<{ code: number; out: string } | null> =>
    new Promise((resolve) => {
      const options = { cwd: dir, signal, timeout: longestMs, maxBuffer: 16 * 1024 * 1024 };
      // A `status` that refreshes the index would lock it while the person commits.
      execFile('git', ['--no-optional-locks', ...args], options, (error, stdout) => {
        if (error === null) resolve({ code: 0, out: stdout });
        else resolve(typeof error.code === 'number' ? { code: error.code, out: stdout } : null);
      });
    });
  return {
    dirty: async (files) => {
      // Ended by NUL: with lines, names with spaces or accents come in quotes.
      const [known, status, top] = await Promise.all([
        run('ls-files', '-z', '--', ...files),
        run('status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignored', '--', ...files),
        run('rev-parse', '--show-prefix'),
      ]);
      if (known?.code !== 0 || status?.code !== 0) return null;
      const tracked = new Set(known.out.split('\0'));
      // These are told from the top of the repository on.
      const prefix = top?.out.trim() ?? '';
      const changed = new Set(status.out.split('\0').map((entry) => entry.slice(3)));
      return files.filter((file) => !tracked.has(file) || changed.has(prefix + file));
    },
    lastCommit: async (files) => {
      const log = await run('log', '-1', '--format=%H', '--', ...files);
      const commit = log?.code === 0 ? log.out.trim() : '';
      return commit === '' ? null : commit;
    },
    contains: async (options) => {
      const answer = await run('merge-base', '--is-ancestor', options.commit, options.in);
      return answer === null || answer.code > 1 ? null : answer.code === 0;
    },
    tracked: async () => {
      const files = await run('ls-files', '-z');
      return files?.code === 0 ? files.out.split('\0').filter((file) => file !== '') : null;
    },
    isPushed: async (commit) => {
      const answer = await run('merge-base', '--is-ancestor', commit, '@{upstream}');
      return answer === null || answer.code > 1 ? null : answer.code === 0;
    },
    remote: async () => {
      const found = await run('remote', 'get-url', 'origin');
      return found?.code === 0 ? repositoryOf(found.out.trim()) : null;
    },
  };
}

/** `owner/repository` of `git@host:owner/repository.git` and of an https address. */
export function repositoryOf(remote: string): string | null {
  const match = /[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(remote);
  return match === null ? null : `${match[1] ?? ''}/${match[2] ?? ''}`;
}
