import { unifiedDiff } from './unified-diff.ts';
import type { ProjectFiles } from '../../../javascript/source-file.ts';

/** A change of the person’s files that makes the address reach their pages: what is shown is what is written. */
export type WiringPlan =
  | {
      type: 'change';
      /** New texts by path. */
      files: ProjectFiles;
      diff: string;
      /** The variable that then fills the address; null where a rewrite does. */
      variable: string | null;
      /** What follows the origin in its value. */
      path: string;
      what: string;
      /** True where `laterAddress` stands for the Space's: it is written once that is known. */
      hasPlaceholderUrl: boolean;
    }
  | { type: 'none'; why: string };

export const noChange = (why: string): WiringPlan => ({ type: 'none', why });

/** What is new in the files, as a change that can be shown. */
export function planChange(
  files: ProjectFiles,
  next: ReadonlyMap<string, string>,
  rest: { variable: string | null; path: string; what: string; hasPlaceholderUrl?: boolean },
): WiringPlan {
  const kept = [...next].map(([path, text]) => [path, withLineEndsOf(files.get(path), text)] as const);
  const changes = new Map(kept.filter(([path, text]) => files.get(path) !== text));
  if (changes.size === 0) return noChange('the files are as they have to be');
  const diff = [...changes]
    .map(([path, after]) => unifiedDiff({ path, before: files.get(path) ?? null, after }))
    .join('');
  return { type: 'change', files: changes, diff, hasPlaceholderUrl: false, ...rest };
}

/** With the line ends of the file as it was, its last one too. */
function withLineEndsOf(before: string | undefined, after: string): string {
  if (before === undefined) return after;
  const isCrlf = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  const lines = isCrlf ? after.replaceAll(/\r?\n/g, '\r\n') : after;
  return before.endsWith('\n') ? lines : lines.replace(/\r?\n$/, '');
}
