import picomatch from 'picomatch';

/**
 * Matches paths with forward slashes against the globs of a docs plugin's `include` or `exclude`, with the library
 * that Docusaurus's matcher is built on. A pattern with a leading `!` excludes. Stars do not match dotfiles.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  // `!(a|b)` is an extglob, not a negated pattern.
  const isNegated = (pattern: string): boolean => pattern.startsWith('!') && pattern[1] !== '(';
  const isIncluded = picomatch(patterns.filter((pattern) => !isNegated(pattern)));
  const isExcluded = picomatch(patterns.filter(isNegated).map((pattern) => pattern.slice(1)));
  return (path) => isIncluded(path) && !isExcluded(path);
}
