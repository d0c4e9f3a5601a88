import { unifiedDiff } from './diff.ts';
import type { Files } from './trace/source.ts';

/** A change of the person’s files that makes the address reach their pages: what is shown is what is written. */
export type Wiring =
  | {
      type: 'change';
      /** New texts by path. */
      files: Files;
      diff: string;
      /** The variable that then fills the address; null where a rewrite does. */
      variable: string | null;
      /** What follows the origin in its value. */
      path: string;
      what: string;
      /** True where `laterAddress` stands for the Space's: it is written once that is known. */
      isWithoutAddress: boolean;
    }
  | { type: 'none'; why: string };

export const none = (why: string): Wiring => ({ type: 'none', why });

/** What is new in the files, as a change that can be shown. */
export function changed(
  files: Files,
  next: ReadonlyMap<string, string>,
  rest: { variable: string | null; path: string; what: string; isWithoutAddress?: boolean },
): Wiring {
  const kept = [...next].map(([path, text]) => [path, endedAs(files.get(path), text)] as const);
  const changes = new Map(kept.filter(([path, text]) => files.get(path) !== text));
  if (changes.size === 0) return none('the files are as they have to be');
  const diff = [...changes]
    .map(([path, after]) => unifiedDiff({ path, before: files.get(path) ?? null, after }))
    .join('');
  return { type: 'change', files: changes, diff, isWithoutAddress: false, ...rest };
}

/** With the line ends of the file as it was, its last one too. */
function endedAs(before: string | undefined, after: string): string {
  if (before === undefined) return after;
  const isCrlf = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  const lines = isCrlf ? after.replaceAll(/\r?\n/g, '\r\n') : after;
  return before.endsWith('\n') ? lines : lines.replace(/\r?\n$/, '');
}
