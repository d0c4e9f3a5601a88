/**
 * A route's path as a pattern: `:name` takes one segment, a final `*name` the rest. A colon after a word is a
 * colon: `/models/:model:embedContent`.
 */
export function compilePath(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) =>
      segment
        .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/^\*(\w+)$/, '(?<$1>.*)')
        // `:model:embedContent` is one value and a literal.
        .replaceAll(/(?<!\w):(\w+)/g, '(?<$1>[^/]+?)'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

/** The pattern's values in a path, decoded; null when it does not match. */
export function matchPath(pattern: RegExp, path: string): Record<string, string> | null {
  const match = pattern.exec(path);
  if (match === null) return null;
  const values = Object.entries(match.groups ?? {});
  return Object.fromEntries(values.map(([key, value]) => [key, decodeSegment(value)]));
}

/** A path segment as it was meant; a broken escape stays as it is. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
