import type { SourceFile } from '../../../javascript/source-file.ts';

/** A piece of a file and what takes its place. */
export type TextEdit = { file: SourceFile; start: number; end: number; text: string };

/** The files with their edits applied, by path. */
export function applyEdits(edits: readonly TextEdit[]): Map<string, string> {
  const next = new Map<string, string>();
  // From the end of each file, so that the offsets before stay valid.
  for (const { file, start, end, text } of edits.toSorted((a, b) => b.start - a.start)) {
    const current = next.get(file.path) ?? file.text;
    next.set(file.path, current.slice(0, start) + text + current.slice(end));
  }
  return next;
}
