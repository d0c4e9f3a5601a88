/** The length of the backslash at `at` with what it escapes; 0 while the next character is not known. */
export function escapeLength({ buffer, at, isEnd }: { buffer: string; at: number; isEnd: boolean }): number {
  const next = buffer[at + 1];
  if (next === undefined) return isEnd ? 1 : 0;
  // A program that shows the text as HTML knows no escape.
  return /[!-/:-;=-@[-`{-~]/.test(next) ? 2 : 1;
}
