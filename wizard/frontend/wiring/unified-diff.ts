import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';

/** A unified diff of one file, as `git apply` reads it; empty when nothing differs. `before` is null for a new file. */
export function unifiedDiff({
  path,
  before,
  after,
}: {
  path: string;
  before: string | null;
  after: string;
}): string {
  if (before === after) return '';
  const oldName = before === null ? '/dev/null' : `a/${path}`;
  const patch = structuredPatch(oldName, `b/${path}`, before ?? '', after, '', '', { context: 3 });
  return formatPatch(patch, FILE_HEADERS_ONLY);
}
