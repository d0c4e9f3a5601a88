import type { SourceTexts } from '../../../javascript/source-file.ts';
import { unifiedDiff } from './unified-diff.ts';

/** A change of the user's files that brings the API's URL into their pages. What is shown is what is written. */
export type WiringPlan =
  | {
      type: 'change';
      /** The new texts, by path. */
      files: SourceTexts;
      diff: string;
      /** The variable that then sets the URL; null where a rewrite does. */
      variable: string | null;
      /** What follows the server's origin in its value. */
      path: string;
      summary: string;
      /** True where `PLACEHOLDER_URL` stands for the Space's URL: it is written once the Space has one. */
      hasPlaceholderUrl: boolean;
    }
  | { type: 'none'; reason: string };

/** No change to offer, and why. */
export const noChange = (reason: string): WiringPlan => ({ type: 'none', reason });

/** The plan for these new texts; texts that are the same as before are left out. */
export function planChange(
  files: SourceTexts,
  next: SourceTexts,
  rest: { variable: string | null; path: string; summary: string; hasPlaceholderUrl?: boolean },
): WiringPlan {
  const texts = [...next].map(([path, text]) => [path, withLineEndsOf(files.get(path), text)] as const);
  const changes = new Map(texts.filter(([path, text]) => files.get(path) !== text));
  if (changes.size === 0) return noChange('the files need no change');
  const diff = [...changes]
    .map(([path, after]) => unifiedDiff({ path, before: files.get(path) ?? null, after }))
    .join('');
  return { type: 'change', files: changes, diff, hasPlaceholderUrl: false, ...rest };
}

/** With the line ends of the file as it was, and the end of its last line. */
function withLineEndsOf(before: string | undefined, after: string): string {
  if (before === undefined) return after;
  const isCrlf = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  const lines = isCrlf ? after.replaceAll(/\r?\n/g, '\r\n') : after;
  return before.endsWith('\n') ? lines : lines.replace(/\r?\n$/, '');
}
