import { createHash } from 'node:crypto';
import type { FileEdit } from '../../model/run/journal.ts';

/** The part in which two texts differ, and what stood there before; with digests, so that it is undone only there. */
export function editBetween(
  before: string | null,
  after: string,
): { edit: FileEdit; previous: string | null } {
  const old = before ?? '';
  const shorter = Math.min(old.length, after.length);
  let start = 0;
  while (start < shorter && old[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && old.at(-1 - same) === after.at(-1 - same)) same++;
  return {
    edit: {
      start,
      length: after.length - same - start,
      before: before === null ? null : digest(before),
      after: digest(after),
    },
    previous: before === null ? null : old.slice(start, old.length - same),
  };
}

/** What a text was before the change that made it; null where that was another text, or its part was not kept. */
export function textBefore(
  text: string,
  { edit, previous }: { edit: FileEdit; previous: string },
): string | null {
  const before = text.slice(0, edit.start) + previous + text.slice(edit.start + edit.length);
  return digest(before) === edit.before ? before : null;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
