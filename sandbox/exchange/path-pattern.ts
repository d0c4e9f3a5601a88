/**
 * Compiles a route's path: `:name` matches one segment, a final `*name` the rest. A colon after a word is a
 * literal: `/models/:model:embedContent`.
 */
export function compilePath(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) =>
      segment
        .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/^\*(\w+)$/, '(?<$1>.*)')
        // `:model:embedContent` is a parameter and a literal.
        .replaceAll(/(?<!\w):(\w+)/g, '(?<$1>[^/]+?)'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

/** The pattern's values in a path, decoded; null when it does not match. */
export function matchPath(pattern: RegExp, path: string): Record<string, string> | null {
  const result = pattern.exec(path);
  if (result === null) return null;
  const values = Object.entries(result.groups ?? {});
  return Object.fromEntries(values.map(([key, value]) => [key, decodeSegment(value)]));
}

/** A decoded path segment; an invalid escape is kept unchanged. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
