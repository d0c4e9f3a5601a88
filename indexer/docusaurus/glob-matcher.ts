import picomatch from 'picomatch';

/**
 * A test for the globs of a docs plugin's `include` and `exclude`, on paths with forward slashes, by the library that
 * Docusaurus's own matcher rests on. A pattern that begins with `!` takes away. Stars do not match names that begin
 * with a dot.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const takesAway = (pattern: string): boolean => pattern.startsWith('!') && pattern[1] !== '(';
  const isMatch = picomatch(patterns.filter((pattern) => !takesAway(pattern)));
  const isNoMatch = picomatch(patterns.filter(takesAway).map((pattern) => pattern.slice(1)));
  return (path) => isMatch(path) && !isNoMatch(path);
}
